/// Where in a file something stands; lines and columns count from 1, columns in characters.
public struct Place: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let line: Int
  public let column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// As compilers print it: `config.json:12:9`.
  public var description: String { "\(file):\(line):\(column)" }
}
