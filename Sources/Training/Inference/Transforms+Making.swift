import Datasets

extension [any Transform] {
  /// The fields that some are made of in the end, and the transforms that make them, in their order, each with its
  /// place in this list.
  func making(
    _ names: [String]
  ) -> (sources: Set<String>, transforms: [any Transform], numbers: [Int]) {
    var (fields, used): (Set<String>, [Int]) = (Set(names), [])
    for (number, transform) in enumerated().reversed() {
      if let added = transform.addedField {
        guard fields.remove(added.text) != nil else { continue }
        fields.insert(transform.field.text)
        used.append(number)
      } else if fields.contains(transform.field.text) {
        used.append(number)
      }
    }
    used.reverse()
    return (fields, used.map { self[$0] }, used)
  }
}
