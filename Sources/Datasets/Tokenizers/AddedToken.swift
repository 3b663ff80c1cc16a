public import Settings

/// A token that a text may hold as it is written, and that is never part of others.
public struct AddedToken: Configurable {
  public var content = ""
  public var isSpecial = false

  public init() {}

  init(_ content: String, isSpecial: Bool) {
    (self.content, self.isSpecial) = (content, isSpecial)
  }

  public static let fields: [Field<AddedToken>] = [
    Field(
      "content", \.content, required: true, Bounds("not empty") { !$0.isEmpty },
      "the token, as it is in texts"),
    Field("special", \.isSpecial, "whether text made of tokens leaves it out"),
  ]
}

/// Finds added tokens in texts: the first, and of those that begin at one place the longest.
struct AddedTokenSearch {
  /// The tokens that begin with each character, the longest first.
  private let tokens: [Unicode.Scalar: [(text: String.UnicodeScalarView, number: Int32)]]

  init(_ added: [AddedToken], _ numbers: [ExactString: Int32]) {
    var tokens: [Unicode.Scalar: [(text: String.UnicodeScalarView, number: Int32)]] = [:]
    for token in added.map(\.content).sorted(by: { $0.utf8.count > $1.utf8.count }) {
      if let first = token.unicodeScalars.first, let number = numbers[ExactString(token)] {
        tokens[first, default: []].append((token.unicodeScalars, number))
      }
    }
    self.tokens = tokens
  }

  /// Hands over the parts of a text in their order: text between added tokens, or the number of one.
  func split<Failure>(
    _ text: Substring.UnicodeScalarView,
    _ body: (Substring.UnicodeScalarView, Int32?) throws(Failure) -> Void
  ) throws(Failure) {
    guard !tokens.isEmpty else { return try body(text, nil) }
    var start = text.startIndex
    var index = start
    while index < text.endIndex {
      guard let token = tokens[text[index]]?.first(where: { text[index...].starts(with: $0.text) })
      else {
        text.formIndex(after: &index)
        continue
      }
      if start < index { try body(text[start..<index], nil) }
      start = text.index(index, offsetBy: token.text.count)
      try body(text[index..<start], token.number)
      index = start
    }
    if start < text.endIndex { try body(text[start...], nil) }
  }
}
