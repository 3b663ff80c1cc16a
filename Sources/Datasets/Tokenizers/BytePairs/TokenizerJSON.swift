import Formats
public import Settings

/// Reads and writes tokenizer.json, the format of Hugging Face's library "tokenizers", as far as byte-level byte pairs go.
public enum TokenizerJSON {
  /// No token is longer.
  static let longestToken = 4096
  static let largestVocabulary = 1_000_000

  /// Throws: `FormatError` where the file cannot be read, `Problems` with all that is wrong in it or not supported.
  public static func read(_ file: String) throws -> any Tokenizer {
    let json = try JSONParser.parse(Gzip.read(file), file: file)
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
    var numbers: [String: Int] = [:]
    for (number, token) in vocabulary.enumerated() { numbers[token] = number }
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
              "id": JSON(.integer(numbers[token.content] ?? 0)),
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
              JSON(.array($0.split(separator: " ").map { JSON(.string(String($0))) }))
            })),
      ],
    ]
  }
}

/// One tokenizer.json on its way to a tokenizer.
private struct TokenizerReading {
  var problems = Problems()
  private let json: JSON

  init(_ json: JSON) { self.json = json }

  mutating func tokenizer() -> (any Tokenizer)? {
    guard let model = json["model"] else {
      problems.add("\"model\" is missing", at: json.place)
      return nil
    }
    demand(type(of: json["normalizer"]), isAmong: [], "normalizer", json)
    demand(type(of: json["pre_tokenizer"]), isAmong: ["ByteLevel"], "pre_tokenizer", json)
    demand(
      type(of: json["post_processor"]),
      isAmong: ["ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing"],
      "post_processor", json)
    demand(type(of: json["decoder"]), isAmong: ["ByteLevel"], "decoder", json)
    demand(type(of: model), isAmong: ["BPE"], "model", json)
    if json["pre_tokenizer"]?.members == nil {
      problems.add(
        "expected the pre-tokenizer \"ByteLevel\", got none", path: "pre_tokenizer",
        at: json.place)
    }
    for key in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      refuse(model[key], "model.\(key)")
    }
    for key in ["byte_fallback", "ignore_merges"] { refuse(model[key], "model.\(key)") }
    if let regex = json["pre_tokenizer"]?["use_regex"], case .boolean(false) = regex.content {
      problems.add("only true is supported", path: "pre_tokenizer.use_regex", at: regex.place)
    }
    var tokenizer = BytePairTokenizer()
    if case .boolean(true)? = json["pre_tokenizer"]?["add_prefix_space"]?.content {
      tokenizer.addsPrefixSpace = true
    }
    tokenizer.addedTokens = addedTokens()
    tokenizer.vocabulary = vocabulary(of: model)
    tokenizer.merges = merges(of: model)
    if problems.isEmpty, let contradiction = tokenizer.contradiction {
      problems.add(contradiction, path: "model", at: model.place)
    }
    return tokenizer
  }

  private func type(of json: JSON?) -> String? {
    json?.members == nil ? nil : json?["type"]?.string ?? "without a type"
  }

  /// Reports a type that is none of those known; nothing is always right.
  private mutating func demand(
    _ type: String?, isAmong known: [String], _ key: String, _ json: JSON
  ) {
    guard let type, !known.contains(type) else { return }
    let list = known.isEmpty ? "none" : known.map { "\"\($0)\"" }.joined(separator: ", ")
    problems.add(
      "the type \"\(type)\" is not supported, only \(list)", path: key, at: json[key]?.place)
  }

  /// Reports a setting that is not null, false, empty or 0.
  private mutating func refuse(_ value: JSON?, _ path: String) {
    switch value?.content {
    case nil, .null, .boolean(false): return
    case .string(let text) where text.isEmpty: return
    case .integer(0), .number(0): return
    default: problems.add("not supported", path: path, at: value?.place)
    }
  }

  /// The numbers of added tokens, by their contents.
  private var numbersOfAdded: [(token: String, number: JSON)] {
    (json["added_tokens"]?.elements ?? []).compactMap { token in
      guard let content = token["content"]?.string, let number = token["id"] else { return nil }
      return (content, number)
    }
  }

  private mutating func addedTokens() -> [AddedToken] {
    var tokens: [AddedToken] = []
    for (index, token) in (json["added_tokens"]?.elements ?? []).enumerated() {
      let path = "added_tokens[\(index)]"
      guard let content = token["content"]?.string, !content.isEmpty else {
        problems.add("expected a token with its \"content\"", path: path, at: token.place)
        continue
      }
      for key in ["single_word", "lstrip", "rstrip"] { refuse(token[key], "\(path).\(key)") }
      var isSpecial = false
      if case .boolean(true)? = token["special"]?.content { isSpecial = true }
      tokens.append(AddedToken(content, isSpecial: isSpecial))
    }
    return tokens
  }

  /// The tokens in the order of their numbers, which must be those from 0 on, each once.
  private mutating func vocabulary(of model: JSON) -> [String]? {
    guard let members = model["vocab"]?.members else {
      problems.add(
        "expected an object of tokens and their numbers", path: "model.vocab", at: model.place)
      return nil
    }
    var entries = members.map { (token: $0.key, number: $0.value) }
    let known = Set(entries.map(\.token))
    entries += numbersOfAdded.filter { !known.contains($0.token) }
    guard entries.count <= TokenizerJSON.largestVocabulary else {
      problems.add(
        "\(entries.count) tokens; at most \(TokenizerJSON.largestVocabulary) are read",
        path: "model.vocab", at: model.place)
      return nil
    }
    var tokens = [String?](repeating: nil, count: entries.count)
    for (token, number) in entries {
      guard case .integer(let index) = number.content, tokens.indices.contains(index),
        tokens[index] == nil, token.utf8.count <= TokenizerJSON.longestToken
      else {
        problems.add(
          "expected as the number of \(token.json.shown) one of 0 to \(tokens.count - 1) that no other token has, got \(number.shown)",
          path: "model.vocab", at: number.place)
        return nil
      }
      tokens[index] = token
    }
    return tokens.compactMap(\.self)
  }

  /// Merges, each written "a b" or ["a", "b"].
  private mutating func merges(of model: JSON) -> [String] {
    guard let elements = model["merges"]?.elements else {
      problems.add("expected a list of pairs", path: "model.merges", at: model.place)
      return []
    }
    var merges: [String] = []
    for (index, element) in elements.enumerated() {
      if let text = element.string {
        merges.append(text)
      } else if let pair = element.elements?.compactMap(\.string), pair.count == 2 {
        merges.append(pair.joined(separator: " "))
      } else {
        problems.add(
          "expected a pair of tokens, got \(element.shown)", path: "model.merges[\(index)]",
          at: element.place)
        return []
      }
    }
    return merges
  }
}
