public import Settings

/// A token is a character
public struct CharacterTokenizer: Tokenizer {
  public var vocabulary: [String]?
  public var unknown: String?
  public var specialTokens: [String] = []

  public init() {}

  public static let type = "characters"
  public static let manual = """
    Every character is a token.

    A character is a Unicode scalar, so that tokens and text turn into each other without a change. The vocabulary is the
    characters of the training text in the order of their code points, behind the special tokens and
    the token of "unknown" if there is one.
    """
  public static let fields: [Field<CharacterTokenizer>] = [
    Field(
      "vocabulary", \.vocabulary, .distinct(),
      "the characters in the order of their numbers; those of the training text where left out"),
    Field(
      "unknown", \.unknown, Bounds("not empty") { !$0.isEmpty },
      "the token that stands for characters out of the vocabulary, such as \"<unk>\"; such a character is an error where left out"
    ),
    .specialTokens(\.specialTokens),
  ]

  public var contradiction: String? {
    guard let vocabulary else { return nil }
    if let unknown, !vocabulary.contains(where: unknown.isExactly) {
      return "\"unknown\" is not in the vocabulary"
    }
    let special = Set((specialTokens + [unknown].compactMap(\.self)).map(ExactString.init))
    let other = vocabulary.first {
      $0.unicodeScalars.count != 1 && !special.contains(ExactString($0))
    }
    return other.map { "expected a vocabulary of characters, got \($0.json.shown)" }
      ?? misplacedSpecialTokens()
  }

  public func fitted(to texts: [Substring.UnicodeScalarView]) -> CharacterTokenizer {
    if vocabulary != nil { return self }
    var fitted = self
    let special = specialTokens + [unknown].compactMap(\.self)
    let known = Set(special.map(ExactString.init))
    let characters = texts.reduce(into: Set()) { $0.formUnion($1) }.sorted().map { String($0) }
    fitted.vocabulary = special + characters.filter { !known.contains(ExactString($0)) }
    return fitted
  }

  public func encoder() -> TokenEncoder {
    var numbers: [Unicode.Scalar: Int32] = [:]
    for (number, token) in (vocabulary ?? []).enumerated()
    where number >= specialTokens.count && unknown.map(token.isExactly) != true {
      for scalar in token.unicodeScalars { numbers[scalar] = Int32(number) }
    }
    let known = numbers
    let other = unknown.flatMap { self.numbers[ExactString($0)] }
    return { text throws(UnknownToken) in
      var tokens: [Int32] = []
      tokens.reserveCapacity(text.count)
      for index in text.indices {
        guard let number = known[text[index]] ?? other else {
          throw UnknownToken(String(text[index]), at: index)
        }
        tokens.append(number)
      }
      return tokens
    }
  }

  public func decode(_ tokens: [Int]) -> String { ordinary(tokens).joined() }
}
