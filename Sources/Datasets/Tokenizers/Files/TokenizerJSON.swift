import Formats
public import Settings

/// Reads and writes tokenizer.json, the format of Hugging Face's library "tokenizers", as far as byte-level byte pairs
/// and, to read, the word pieces of BERT go.
public enum TokenizerJSON {
  /// No token is longer.
  static let longestToken = 4096
  static let largestVocabulary = 1_000_000

  /// Throws: `FormatError` where the file cannot be read, `Problems` with all that is wrong in it or not supported.
  public static func read(_ file: String) throws -> any Tokenizer {
    let json = try JSONParser.parse(
      Array(Gzip.read(file).withoutByteOrderMark), file: file, keysAreTexts: true)
    if json["model"] == nil, json["type"] != nil { return try settings(json) }
    var reading = TokenizerReading(json)
    let tokenizer = reading.tokenizer()
    try reading.problems.throwIfAny()
    guard let tokenizer else { throw Problems(Problem("expected a tokenizer", at: json.place)) }
    return tokenizer
  }

  /// A tokenizer by its settings, which have its vocabulary.
  private static func settings(_ json: JSON) throws(Problems) -> any Tokenizer {
    var problems = Problems()
    let tokenizer = tokenizerRegistry.read(json, at: "", &problems)
    try problems.throwIfAny()
    guard let tokenizer, tokenizer.vocabulary != nil else {
      throw Problems(Problem("expected a tokenizer with a \"vocabulary\"", at: json.place))
    }
    return tokenizer
  }

  /// Byte pairs as the library has them, any other tokenizer as its settings.
  public static func json(of tokenizer: any Tokenizer) -> JSON {
    (tokenizer as? BytePairTokenizer).map(json) ?? tokenizer.typedJSON
  }

  private static func json(_ tokenizer: BytePairTokenizer) -> JSON {
    let vocabulary = tokenizer.vocabulary ?? []
    let numbers = tokenizer.numbers
    let added =
      tokenizer.specialTokens.map { AddedToken($0, isSpecial: true) } + tokenizer.addedTokens
    let byteLevel: JSON = [
      "type": "ByteLevel", "add_prefix_space": JSON(.boolean(tokenizer.addsPrefixSpace)),
      "trim_offsets": true, "use_regex": true,
    ]
    return [
      "version": "1.0", "truncation": JSON(.null), "padding": JSON(.null),
      "added_tokens": JSON(
        .array(
          added.map { token in
            [
              "id": JSON(.integer(Int(numbers[ExactString(token.content)] ?? 0))),
              "content": JSON(.string(token.content)), "single_word": false, "lstrip": false,
              "rstrip": false, "normalized": false, "special": JSON(.boolean(token.isSpecial)),
            ]
          })),
      "normalizer": JSON(.null), "pre_tokenizer": byteLevel, "post_processor": JSON(.null),
      "decoder": byteLevel,
      "model": [
        "type": "BPE", "dropout": JSON(.null), "unk_token": JSON(.null),
        "continuing_subword_prefix": JSON(.null), "end_of_word_suffix": JSON(.null),
        "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
        "vocab": JSON(
          .object(vocabulary.enumerated().map { .init($1, JSON(.integer($0))) })),
        "merges": JSON(
          .array(
            tokenizer.merges.map {
              JSON(.array(BytePairTokenizer.tokens(of: $0).map { JSON(.string($0)) }))
            })),
      ],
    ]
  }
}
