import Settings

/// One tokenizer.json on its way to a tokenizer.
struct TokenizerReading {
  var problems = Problems()
  private let json: JSON

  init(_ json: JSON) { self.json = json }

  mutating func tokenizer() -> (any Tokenizer)? {
    guard let model = json["model"] else {
      problems.add("\"model\" is missing", at: json.place)
      return nil
    }
    demand(
      type(of: json["post_processor"]),
      isAmong: ["ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing"],
      "post_processor", json)
    let tokenizer: any Tokenizer
    switch type(of: model) {
    case "BPE": tokenizer = bytePairs(model)
    case "WordPiece": tokenizer = wordPieces(model)
    default:
      demand(type(of: model), isAmong: ["BPE", "WordPiece"], "model", json)
      return nil
    }
    if problems.isEmpty, let contradiction = tokenizer.contradiction {
      problems.add(contradiction, path: "model", at: model.place)
    }
    return tokenizer
  }

  private mutating func bytePairs(_ model: JSON) -> BytePairTokenizer {
    demand(type(of: json["normalizer"]), isAmong: [], "normalizer", json)
    demandPreTokenizer("ByteLevel")
    demand(type(of: json["decoder"]), isAmong: ["ByteLevel"], "decoder", json)
    for key in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      refuse(model[key], "model.\(key)")
    }
    for key in ["byte_fallback", "ignore_merges"] { refuse(model[key], "model.\(key)") }
    if let regex = json["pre_tokenizer"]?["use_regex"], case .boolean(false) = regex.content {
      problems.add("only true is supported", path: "pre_tokenizer.use_regex", at: regex.place)
    }
    var tokenizer = BytePairTokenizer()
    tokenizer.addsPrefixSpace = flag(json["pre_tokenizer"], "add_prefix_space") ?? false
    tokenizer.addedTokens = addedTokens()
    tokenizer.vocabulary = vocabulary(of: model)
    tokenizer.merges = merges(of: model)
    return tokenizer
  }

  private mutating func wordPieces(_ model: JSON) -> WordPieceTokenizer {
    demand(type(of: json["normalizer"]), isAmong: ["BertNormalizer"], "normalizer", json)
    demandPreTokenizer("BertPreTokenizer", "Whitespace", "WhitespaceSplit")
    demand(type(of: json["decoder"]), isAmong: ["WordPiece"], "decoder", json)
    let normalizer = json["normalizer"]
    let isNormalized = normalizer?.members != nil
    var tokenizer = WordPieceTokenizer()
    tokenizer.unknown = model["unk_token"]?.string ?? tokenizer.unknown
    tokenizer.prefix = model["continuing_subword_prefix"]?.string ?? tokenizer.prefix
    if case .integer(let count)? = model["max_input_chars_per_word"]?.content,
      (1...TokenizerJSON.longestToken).contains(count)
    {
      tokenizer.longestWord = count
    }
    tokenizer.lowerCase = flag(normalizer, "lowercase") ?? isNormalized
    tokenizer.stripAccents = flag(normalizer, "strip_accents")
    tokenizer.cleansText = flag(normalizer, "clean_text") ?? isNormalized
    tokenizer.splitsChinese = flag(normalizer, "handle_chinese_chars") ?? isNormalized
    switch type(of: json["pre_tokenizer"]) {
    case "Whitespace": tokenizer.split = .signs
    case "WhitespaceSplit": tokenizer.split = .spaces
    default: tokenizer.split = .bert
    }
    tokenizer.addedTokens = addedTokens()
    tokenizer.vocabulary = vocabulary(of: model)
    return tokenizer
  }

  private mutating func demandPreTokenizer(_ types: String...) {
    demand(type(of: json["pre_tokenizer"]), isAmong: types, "pre_tokenizer", json)
    if json["pre_tokenizer"]?.members == nil {
      problems.add(
        "expected the pre-tokenizer \"\(types[0])\", got none", path: "pre_tokenizer",
        at: json.place)
    }
  }

  /// A setting that is true or false; nil where it is neither.
  private func flag(_ json: JSON?, _ key: String) -> Bool? {
    guard case .boolean(let value)? = json?[key]?.content else { return nil }
    return value
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
    let known = Set(entries.map { ExactString($0.token) })
    entries += numbersOfAdded.filter { !known.contains(ExactString($0.token)) }
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
