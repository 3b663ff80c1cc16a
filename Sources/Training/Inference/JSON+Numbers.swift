import Settings
import TensorCore

extension JSON {
  /// A number in the fewest digits that read back as the same `Float`.
  init(_ value: Float) { self = JSON(.number(Double("\(value)") ?? Double(value))) }

  /// The number of a class, as the data hold it; what a transform made of it where that is no whole number.
  static func label(_ value: Float) -> JSON { Int(exactly: value)?.json ?? JSON(value) }

  /// Numbers in memory as lists within lists.
  static func nested(_ values: UnsafePointer<Float>, _ shape: Shape) -> JSON {
    nested((0..<shape.count).map { JSON(values[$0]) }, shape)
  }

  /// Elements as lists within lists; the only element itself where the shape has no axes.
  static func nested(_ elements: [JSON], _ shape: Shape) -> JSON {
    guard shape.rank > 0 else { return elements.first ?? JSON(.null) }
    var (elements, shape) = (elements, shape)
    while shape.rank > 1 {
      let width = shape.last
      elements = (0..<shape.dropLast.count).map {
        JSON(.array(Array(elements[$0 * width..<($0 + 1) * width])))
      }
      shape = shape.dropLast
    }
    return JSON(.array(elements))
  }
}
