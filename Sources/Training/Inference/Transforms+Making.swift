import Datasets

extension [any Transform] {
  /// The fields that some are made of in the end, and the transforms that make them, in their order.
  func making(_ names: [String]) -> (sources: Set<String>, transforms: [any Transform]) {
    var (fields, used): (Set<String>, [any Transform]) = (Set(names), [])
    for transform in reversed() {
      if let added = transform.addedField {
        guard fields.remove(added.text) != nil else { continue }
        fields.insert(transform.field.text)
        used.append(transform)
      } else if fields.contains(transform.field.text) {
        used.append(transform)
      }
    }
    return (fields, used.reversed())
  }
}
