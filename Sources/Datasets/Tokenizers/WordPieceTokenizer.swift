import Foundation
public import Settings

/// A token is a word or a piece of one, as in BERT
public struct WordPieceTokenizer: Tokenizer {
  /// What parts a text into words.
  public enum Split: String, CaseIterable, SettingValue {
    /// White space, and every sign of punctuation, which is a word.
    case bert
    /// White space, and the change between what words are made of and signs: "don't" is three words, "!?" is one.
    case signs
    /// White space alone.
    case spaces
  }

  private var tokens: [String] = []
  public var unknown = "[UNK]"
  public var prefix = "##"
  public var longestWord = 100
  public var lowerCase = true
  public var stripAccents: Bool?
  public var cleansText = true
  public var splitsChinese = true
  public var split = Split.bert
  public var addedTokens: [AddedToken] = []
  public var specialTokens: [String] = []

  public init() {}

  public static let type = "word_pieces"
  public static let manual = """
    Words of a vocabulary, and for others the pieces of which they consist, as in BERT.

    Control characters are left out, Chinese characters stand alone, words are made lower case and lose their accents (the
    marks of their canonical decomposition), as the settings say. White space parts words, and every sign of punctuation is
    a word: ASCII 33-47, 58-64, 91-96, 123-126 and Unicode's P. With "split" signs it is runs of letters, marks, digits and
    connectors that are words, and runs of other signs (the expression \\w+|[^\\w\\s]+); with spaces white space alone parts. A word is the longest token of the vocabulary that it
    begins with, then the longest with "prefix" that follows, and so on; where there is none, or the word is longer than
    "longest_word" characters, the whole word is "unknown".

    The vocabulary is given, most often by a file tokenizer.json (the tokenizer "file"). [CLS] and [SEP] are not put around
    a text: that is for the reader.
    """
  public static let fields: [Field<WordPieceTokenizer>] = [
    Field(
      "vocabulary", \.tokens, required: true, .distinct(),
      "the tokens in the order of their numbers"
    )
    .example(["[PAD]", "[UNK]", "play", "##ing"]),
    Field("unknown", \.unknown, "the token of words that consist of no pieces"),
    Field("prefix", \.prefix, "what stands before pieces that do not begin a word"),
    Field(
      "longest_word", \.longestWord, .within(1...4096), "how many characters a word has at most"),
    Field("lower_case", \.lowerCase, "whether words are made lower case"),
    Field(
      "strip_accents", \.stripAccents,
      "whether words lose accents; as \"lower_case\" where left out"),
    Field("clean_text", \.cleansText, "whether control characters are left out"),
    Field("split_chinese", \.splitsChinese, "whether Chinese characters are words of their own"),
    Field("split", \.split, "what parts a text into words"),
    Field(
      "added_tokens", \.addedTokens,
      "tokens of the vocabulary that are found in texts before anything else"),
    .specialTokens(\.specialTokens),
  ]

  public var contradiction: String? {
    let known = Set(tokens.map(ExactString.init))
    guard known.contains(ExactString(unknown)) else {
      return "\"unknown\" is not in the vocabulary"
    }
    if let added = addedTokens.first(where: { !known.contains(ExactString($0.content)) }) {
      return "the added token \(added.content.json.shown) is not in the vocabulary"
    }
    return misplacedSpecialTokens()
  }

  public var vocabulary: [String]? {
    get { tokens }
    set { tokens = newValue ?? [] }
  }

  public func fitted(to texts: [Substring.UnicodeScalarView]) -> WordPieceTokenizer { self }

  public func encoder() -> TokenEncoder {
    let added = AddedTokenSearch(addedTokens, numbers)
    // By their scalars: a letter and its accent are not the same token as both in one.
    var known: [[Unicode.Scalar]: Int32] = [:]
    for (number, token) in tokens.enumerated() {
      known[Array(token.unicodeScalars)] = Int32(number)
    }
    return { [known] text in
      var result: [Int32] = []
      added.split(text) { part, number in
        if let number {
          result.append(number)
        } else {
          for word in words(of: part) { result += pieces(of: word, known) }
        }
      }
      return result
    }
  }

  /// The tokens of a word: from the left the longest that are in the vocabulary.
  private func pieces(of word: [Unicode.Scalar], _ known: [[Unicode.Scalar]: Int32]) -> [Int32] {
    let other = [known[Array(unknown.unicodeScalars)] ?? 0]
    let prefix = Array(self.prefix.unicodeScalars)
    guard word.count <= longestWord else { return other }
    var pieces: [Int32] = []
    var start = 0
    while start < word.count {
      var end = word.count
      var found: Int32?
      while end > start {
        found = known[(start == 0 ? [] : prefix) + word[start..<end]]
        if found != nil { break }
        end -= 1
      }
      guard let found else { return other }
      pieces.append(found)
      start = end
    }
    return pieces
  }

  /// The words of a text, cleaned as the settings say.
  private func words(of text: Substring.UnicodeScalarView) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    var isOfSigns = false
    func finish() {
      if !word.isEmpty { words.append(word) }
      word = []
    }
    for scalar in normalized(text) {
      if scalar.properties.isWhitespace {
        finish()
      } else if splitsChinese && Self.isChinese(scalar)
        || split == .bert && Self.isPunctuation(scalar)
      {
        finish()
        words.append([scalar])
      } else {
        if split == .signs {
          let isSign = !Self.isOfWords(scalar)
          if isSign != isOfSigns { finish() }
          isOfSigns = isSign
        }
        word.append(scalar)
      }
    }
    finish()
    return words
  }

  private func normalized(_ text: Substring.UnicodeScalarView) -> String.UnicodeScalarView {
    var string = ""
    for scalar in text where !cleansText || Self.isKept(scalar) {
      string.unicodeScalars.append(scalar)
    }
    let isASCII = string.utf8.allSatisfy { $0 < 128 }
    if stripAccents ?? lowerCase, !isASCII {
      let parts = string.decomposedStringWithCanonicalMapping.unicodeScalars
      string = ""
      for scalar in parts where scalar.properties.generalCategory != .nonspacingMark {
        string.unicodeScalars.append(scalar)
      }
    }
    return (lowerCase ? string.lowercased() : string).unicodeScalars
  }

  /// Whether a character is none of control; tabs and the ends of lines are white space.
  private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\t" || scalar == "\n" || scalar == "\r" { return true }
    if scalar.value == 0 || scalar.value == 0xFFFD { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .unassigned, .privateUse: return false
    default: return true
    }
  }

  /// What regular expressions call \w: letters, marks, decimal digits, connectors and joiners (Unicode's UTS 18).
  private static func isOfWords(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    case 0..<128: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// The blocks of unified and compatibility ideographs that BERT names.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  public func decode(_ tokens: [Int]) -> String {
    let hidden = Set(addedTokens.filter(\.isSpecial).map { ExactString($0.content) })
    let prefix = self.prefix.unicodeScalars
    var text = ""
    for token in ordinary(tokens) where !hidden.contains(ExactString(token)) {
      // By scalars: a piece may begin with a mark, which makes one character with the end of the prefix.
      if token.unicodeScalars.starts(with: prefix) {
        text.unicodeScalars += token.unicodeScalars.dropFirst(prefix.count)
      } else {
        if !text.isEmpty, !Self.closing.contains(token) { text += " " }
        text += token
      }
    }
    return text
  }

  /// Signs that stand close to the word before them.
  private static let closing: Set<String> = [".", ",", ";", ":", "!", "?", ")", "]", "}"]
}
