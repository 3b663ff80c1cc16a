public import Settings

/// A token is a word, a number or a sign
public struct WordTokenizer: Tokenizer {
  public var vocabulary: [String]?
  public var unknown = "<unk>"
  public var lowerCase = true
  public var stripNumbers = false
  public var minimumCount = 1
  public var maximumSize: Int?
  public var specialTokens: [String] = []

  public init() {}

  public static let type = "words"
  public static let manual = """
    Words, numbers and signs are tokens; white space parts them and is not kept.

    A word is letters with their marks, and apostrophes between them: "don't" is one word. A number is digits. Every other
    character but white space is a token by itself. Letters that Unicode holds equivalent, composed or with marks behind
    them, are the same, unless a vocabulary that is given has both.

    The vocabulary is the special tokens, "unknown", then the tokens of the training text from the most frequent to the least, equally frequent
    ones in the order of their code points. Text made of tokens has spaces between words, and none in front of the signs
    . , ; : ! ? ) ] }.
    """
  public static let fields: [Field<WordTokenizer>] = [
    Field(
      "vocabulary", \.vocabulary, .distinct(),
      "the tokens in the order of their numbers; from the training text where left out"),
    Field(
      "unknown", \.unknown, Bounds("not empty") { !$0.isEmpty },
      "the token that stands for all that are not in the vocabulary"),
    Field("lower_case", \.lowerCase, "whether words are made lower case"),
    Field("strip_numbers", \.stripNumbers, "whether numbers are left out"),
    Field(
      "minimum_count", \.minimumCount, .atLeast(1),
      "how often the training text must have a token for it to be in the vocabulary"),
    Field(
      "maximum_size", \.maximumSize, .atLeast(2),
      "how many tokens the vocabulary has at most, \"unknown\" counted and special ones not; no limit where left out"
    ),
    .specialTokens(\.specialTokens),
  ]

  public var contradiction: String? {
    vocabulary.map { $0.contains(where: unknown.isExactly) } == false
      ? "\"unknown\" is not in the vocabulary" : misplacedSpecialTokens()
  }

  public func fitted(to texts: [Substring.UnicodeScalarView]) -> WordTokenizer {
    if vocabulary != nil { return self }
    var counts: [String: Int] = [:]
    for text in texts { forEachPiece(of: text) { counts[$0, default: 0] += 1 } }
    let special = specialTokens + [unknown]
    for token in special { counts[token] = nil }
    let frequent = counts.filter { $0.value >= minimumCount }
      .sorted {
        $0.value != $1.value
          ? $0.value > $1.value
          : $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars)
      }
      .map(\.key)
    var fitted = self
    fitted.vocabulary = special + frequent.prefix(maximumSize.map { $0 - 1 } ?? .max)
    return fitted
  }

  public func encoder() -> TokenEncoder {
    let known = NameNumbers(vocabulary ?? [], besides: specialTokens)
    let other = numbers[ExactString(unknown)] ?? 0
    return { text in
      var tokens: [Int32] = []
      forEachPiece(of: text) { tokens.append(known[$0].map(Int32.init) ?? other) }
      return tokens
    }
  }

  public func decode(_ tokens: [Int]) -> String {
    var text = ""
    for token in ordinary(tokens) {
      if !text.isEmpty, !Self.closing.contains(token) { text += " " }
      text += token
    }
    return text
  }

  /// Signs that stand close to the word before them.
  private static let closing: Set<String> = [".", ",", ";", ":", "!", "?", ")", "]", "}"]

  private enum Sort {
    case letter, digit, apostrophe, space, sign

    init(_ scalar: Unicode.Scalar) {
      if scalar.isASCII {
        // Most of most texts, for which Unicode's tables are slow.
        switch scalar {
        case "a"..."z", "A"..."Z": self = .letter
        case "0"..."9": self = .digit
        case " ", "\t"..."\r": self = .space
        default: self = scalar == "'" ? .apostrophe : .sign
        }
        return
      }
      self =
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
          .nonspacingMark, .spacingMark, .enclosingMark:
          .letter
        case .decimalNumber, .letterNumber, .otherNumber: .digit
        default:
          scalar.properties.isWhitespace
            ? .space : scalar == "'" || scalar == "\u{2019}" ? .apostrophe : .sign
        }
    }
  }

  /// Calls `body` with every piece, as it is looked up.
  private func forEachPiece(of text: Substring.UnicodeScalarView, _ body: (String) -> Void) {
    var index = text.startIndex
    while index < text.endIndex {
      let start = index
      let sort = Sort(text[start])
      text.formIndex(after: &index)
      switch sort {
      case .letter: index = endOfWord(text, from: index)
      case .digit:
        while index < text.endIndex, Sort(text[index]) == .digit { text.formIndex(after: &index) }
      case .apostrophe, .space, .sign: break
      }
      if sort == .space || sort == .digit && stripNumbers { continue }
      let piece = String(text[start..<index])
      body(lowerCase ? piece.lowercased() : piece)
    }
  }

  /// Behind the letters from here on, and behind apostrophes that have a letter after them.
  private func endOfWord(
    _ text: Substring.UnicodeScalarView, from start: String.Index
  ) -> String.Index {
    var index = start
    while index < text.endIndex {
      switch Sort(text[index]) {
      case .letter: text.formIndex(after: &index)
      case .apostrophe:
        let next = text.index(after: index)
        guard next < text.endIndex, Sort(text[next]) == .letter else { return index }
        index = next
      case .digit, .space, .sign: return index
      }
    }
    return index
  }
}
