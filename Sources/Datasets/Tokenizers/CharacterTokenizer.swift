public import Settings

/// A token is a character
public struct CharacterTokenizer: Tokenizer {
  public var vocabulary: [String]?
  public var unknown: String?

  public init() {}

  public static let type = "characters"
  public static let manual = """
    Every character is a token.

    A character is a Unicode scalar, so that tokens and text turn into each other without a change. The vocabulary is the
    characters of the training text in the order of their code points, behind the token of "unknown" if there is one.
    """
  public static let fields: [Field<CharacterTokenizer>] = [
    Field(
      "vocabulary", \.vocabulary, .distinct(),
      "the characters in the order of their numbers; those of the training text where left out"),
    Field(
      "unknown", \.unknown, Bounds("not empty") { !$0.isEmpty },
      "the token that stands for characters out of the vocabulary, such as \"<unk>\"; such a character is an error where left out"
    ),
  ]

  public var contradiction: String? {
    guard let vocabulary else { return nil }
    if let unknown, !vocabulary.contains(unknown) {
      return "\"unknown\" is not in the vocabulary"
    }
    let other = vocabulary.first { $0 != unknown && $0.unicodeScalars.count != 1 }
    return other.map { "expected a vocabulary of characters, got \($0.json.shown)" }
  }

  public func fitted(to text: Substring.UnicodeScalarView) -> CharacterTokenizer {
    fitted(to: [unknown].compactMap(\.self) + Set(text).sorted().map { String($0) })
  }

  public func fitted(to vocabulary: [String]) -> CharacterTokenizer {
    var fitted = self
    fitted.vocabulary = self.vocabulary ?? vocabulary
    return fitted
  }

  public func encode(_ text: Substring.UnicodeScalarView) throws(UnknownToken) -> [Int32] {
    var numbers: [Unicode.Scalar: Int32] = [:]
    for (number, token) in (vocabulary ?? []).enumerated() where token != unknown {
      for scalar in token.unicodeScalars { numbers[scalar] = Int32(number) }
    }
    let other = unknown.flatMap { self.numbers[$0] }
    var tokens: [Int32] = []
    tokens.reserveCapacity(text.count)
    for index in text.indices {
      guard let number = numbers[text[index]] ?? other else {
        throw UnknownToken(String(text[index]), at: index)
      }
      tokens.append(number)
    }
    return tokens
  }

  public func decode(_ tokens: [Int]) -> String {
    tokens.map { vocabulary?[$0] ?? "" }.joined()
  }
}
