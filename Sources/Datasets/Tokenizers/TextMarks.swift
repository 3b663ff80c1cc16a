/// The special tokens that stand in front of a text and behind it.
public struct TextMarks: Sendable, Equatable {
  public let start: String
  public let end: String

  public init(start: String, end: String) { (self.start, self.end) = (start, end) }
}
