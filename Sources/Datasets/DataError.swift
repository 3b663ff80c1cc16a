/// What is wrong with the content of a data file.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
  public let file: String
  /// Where in the file: `row 17`, `line 4, column "age"`; empty for the file as a whole.
  public let location: String
  /// What was expected and what came.
  public let message: String

  public init(_ file: String, _ location: String = "", _ message: String) {
    self.file = file
    self.location = location
    self.message = message
  }

  /// `labels.idx: row 17: expected a class below 10, got 12`
  public var description: String {
    [file, location, message].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
