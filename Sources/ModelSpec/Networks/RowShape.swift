import Settings
import TensorCore

/// The shape of one row of an input, without the batch: `[28, 28, 1]`.
struct RowShape: SettingValue {
  /// More scalars than any row has; the product cannot overflow below it, whatever the batch.
  static let maximumCount = 1 << 32

  var shape: Shape

  static var expectation: String { "a shape: a list of integers, each at least 1" }
  static var schema: JSON { ["type": "array", "items": ["type": "integer", "minimum": 1]] }
  static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> RowShape? {
    guard json.elements != nil, let extents = [Int].read(json, at: path, &problems) else {
      if json.elements == nil { problems.expected(expectation, got: json, path: path) }
      return nil
    }
    guard extents.allSatisfy({ $0 >= 1 }) else {
      problems.add("expected \(expectation), got \(json.text())", path: path, at: json.place)
      return nil
    }
    var count = 1
    for extent in extents {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= maximumCount else {
        problems.add(
          "a row of more than \(maximumCount) numbers", path: path, at: json.place)
        return nil
      }
      count = product
    }
    return RowShape(shape: Shape(extents))
  }
  var json: JSON { shape.dimensions.json }
}
