public import Settings

/// A token is a sequence of bytes that is frequent
public struct BytePairTokenizer: Tokenizer {
  public var vocabulary: [String]?
  public var merges: [String] = []
  public var vocabularySize = 8000
  public var minimumCount = 2
  public var addsPrefixSpace = false
  public var addedTokens: [AddedToken] = []
  public var specialTokens: [String] = []

  public init() {}

  public static let type = "bpe"
  public static let manual = """
    Byte pairs: frequent words are one token, rare ones several, and every text has tokens.

    A text is split as by GPT-2 into words with the space before them, numbers, signs and spaces:

        's|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+

    The tokens of a piece are at first the bytes of its UTF-8. Then, again and again, the two neighbours whose pair stands
    first in "merges" become one. Training begins with the 256 bytes, and again and again makes the most frequent pair of
    the training text a new token, of equally frequent ones that with the smaller numbers, until the vocabulary has its
    size or no pair occurs "minimum_count" times (Sennrich, Haddow and Birch 2016; Radford et al. 2019).

    The vocabulary is the special tokens, the bytes, then the merged ones. Bytes are written as characters: 33-126, 161-172
    and 174-255 as those of their numbers, the others in their order as U+0100 and those behind it, so a space is "\u{120}".
    `dlcli tokenize` writes a tokenizer as tokenizer.json of Hugging Face; the tokenizer "file" reads such files.
    """
  public static let fields: [Field<BytePairTokenizer>] = [
    Field(
      "vocabulary", \.vocabulary, .distinct(),
      "the tokens in the order of their numbers; from the training text where left out"),
    Field(
      "merges", \.merges, "pairs of tokens, a space between them, in the order they become one"),
    Field(
      "vocabulary_size", \.vocabularySize, .within(256...1 << 20),
      "how many tokens training makes, special ones and bytes counted"),
    Field(
      "minimum_count", \.minimumCount, .atLeast(1),
      "how often the training text must have a pair for it to become a token"),
    Field(
      "add_prefix_space", \.addsPrefixSpace,
      "whether a text that does not begin with a space is read as if one were before it"),
    Field(
      "added_tokens", \.addedTokens,
      "tokens of the vocabulary that are found in texts before anything else"),
    .specialTokens(\.specialTokens),
  ]

  public var contradiction: String? {
    guard let vocabulary else { return merges.isEmpty ? nil : "\"merges\" need a \"vocabulary\"" }
    let known = Set(vocabulary.map(ExactString.init))
    for merge in merges {
      let pair = Self.tokens(of: merge)
      guard pair.count == 2 else {
        return "expected two tokens with a space between them, got \(merge.json.shown)"
      }
      for token in pair + [pair.joined()] where !known.contains(ExactString(token)) {
        return "\(token.json.shown) of the merge \(merge.json.shown) is not in the vocabulary"
      }
    }
    if let added = addedTokens.first(where: { !known.contains(ExactString($0.content)) }) {
      return "the added token \(added.content.json.shown) is not in the vocabulary"
    }
    return misplacedSpecialTokens()
  }

  /// The tokens of a merge, between which stands a space.
  static func tokens(of merge: String) -> [String] {
    merge.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
  }

  public func fitted(to texts: [Substring.UnicodeScalarView]) -> BytePairTokenizer {
    if vocabulary != nil { return self }
    var pieces: [[UInt8]: Int] = [:]
    for text in texts {
      for piece in PreTokens(prefixed(text)) {
        pieces[Array(Substring(piece).utf8), default: 0] += 1
      }
    }
    var training = BytePairTraining(pieces, behind: specialTokens)
    training.train(size: vocabularySize, minimumCount: minimumCount)
    var fitted = self
    fitted.vocabulary = training.vocabulary
    fitted.merges = training.merges.map {
      training.vocabulary[Int($0.left)] + " " + training.vocabulary[Int($0.right)]
    }
    return fitted
  }

  public func encoder() -> TokenEncoder {
    let numbers = numbers
    let added = AddedTokenSearch(addedTokens, numbers)
    let bytes = ByteAlphabet.characters.map { numbers[ExactString(String($0))] }
    let ranks = ranks(numbers)
    // Most pieces of a text come again and again.
    var known: [[UInt8]: [Int32]] = [:]
    return { text throws(UnknownToken) in
      var tokens: [Int32] = []
      try added.split(text) { part, number throws(UnknownToken) in
        if let number { return tokens.append(number) }
        for piece in PreTokens(prefixed(part)) {
          let key = Array(Substring(piece).utf8)
          if let merged = known[key] {
            tokens += merged
            continue
          }
          var single: [Int32] = []
          for byte in key {
            guard let number = bytes[Int(byte)] else {
              throw UnknownToken(String(Substring(piece)), at: part.startIndex)
            }
            single.append(number)
          }
          let merged = BytePairMerging.merged(single, ranks)
          if known.count < Self.rememberedPieces { known[key] = merged }
          tokens += merged
        }
      }
      return tokens
    }
  }

  private static let rememberedPieces = 1 << 18

  private func ranks(_ numbers: [ExactString: Int32]) -> BytePairMerging.Ranks {
    var ranks: BytePairMerging.Ranks = [:]
    for (rank, merge) in merges.enumerated() {
      let pair = Self.tokens(of: merge)
      guard pair.count == 2, let left = numbers[ExactString(pair[0])],
        let right = numbers[ExactString(pair[1])], let token = numbers[ExactString(pair.joined())]
      else { continue }
      let key = BytePairTraining.Pair(left: left, right: right)
      if ranks[key] == nil { ranks[key] = (rank, token) }
    }
    return ranks
  }

  private func prefixed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    guard addsPrefixSpace, let first = text.first, first != " " else {
      return text
    }
    return (" " + Substring(text))[...].unicodeScalars
  }

  public func decode(_ tokens: [Int]) -> String {
    var hidden = Set(addedTokens.filter(\.isSpecial).map { ExactString($0.content) })
    hidden.formUnion(specialTokens.map(ExactString.init))
    let plain = Set(addedTokens.map { ExactString($0.content) })
    var bytes: [UInt8] = []
    for number in tokens {
      guard let token = vocabulary?[number], !hidden.contains(ExactString(token)) else { continue }
      bytes +=
        plain.contains(ExactString(token))
        ? Array(token.utf8) : ByteAlphabet.bytes(of: token) ?? []
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  public func decodeBeginning(_ tokens: [Int]) -> String {
    let text = decode(tokens)
    return addsPrefixSpace && text.unicodeScalars.first == " "
      ? String(text.unicodeScalars.dropFirst()) : text
  }
}
