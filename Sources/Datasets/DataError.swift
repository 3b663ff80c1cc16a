/// A row whose numbers are not what a transform needs.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
  public let field: String
  public let row: Int
  /// What was expected and what came.
  public let message: String

  public init(field: String, row: Int, _ message: String) {
    self.field = field
    self.row = row
    self.message = message
  }

  /// `row 17, field "label": expected a class in 0..<10, got 12.0`
  public var description: String { "row \(row), field \"\(field)\": \(message)" }
}
