/// A text that equals another only where both have the same code points.
///
/// `String` holds texts for equal that Unicode declares canonically equivalent: "é" as one code point and as "e" with an
/// accent behind it. What files call by different names (tokens, columns, classes, keys) must stay different.
public struct ExactString: Hashable, Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public static func == (one: ExactString, other: ExactString) -> Bool {
    one.text.isExactly(other.text)
  }

  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension StringProtocol {
  /// Whether another text has the same code points.
  public func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
