import Datasets
import Settings
import Testing

@Suite struct TokenizerTests {
  private func tokenizer(_ text: String, of training: String) throws -> any Tokenizer {
    var problems = Problems()
    let json = try JSONParser.parse(Array(text.utf8), file: "t.json")
    let tokenizer = tokenizerRegistry.read(json, at: "tokenizer", &problems)
    try problems.throwIfAny()
    return try #require(tokenizer).fitted(to: [training[...].unicodeScalars])
  }

  private func pieces(_ tokenizer: any Tokenizer, _ text: String) throws -> [String] {
    try tokenizer.encode(text[...].unicodeScalars).map { tokenizer.vocabulary?[Int($0)] ?? "" }
  }

  @Test func `characters come back as they were`() throws {
    let text = "Ca\u{301}fe\r\n\u{1F468}\u{200D}\u{1F469}"
    let tokenizer = try tokenizer("\"characters\"", of: text)
    #expect(
      tokenizer.vocabulary == [
        "\n", "\r", "C", "a", "e", "f", "\u{301}", "\u{200D}", "\u{1F468}", "\u{1F469}",
      ])
    let tokens = try tokenizer.encode(text[...].unicodeScalars)
    #expect(tokens == [2, 3, 6, 5, 4, 1, 0, 8, 7, 9])
    let back = tokenizer.decode(tokens.map { Int($0) })
    #expect(Array(back.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test func `something may stand for unknown characters`() throws {
    let strict = try tokenizer("\"characters\"", of: "ab")
    let error = #expect(throws: UnknownToken.self) {
      try strict.encode("abca"[...].unicodeScalars)
    }
    #expect(error?.piece == "c")
    let lenient = try tokenizer(#"{"type": "characters", "unknown": "<unk>"}"#, of: "ab")
    #expect(lenient.vocabulary == ["<unk>", "a", "b"])
    #expect(try pieces(lenient, "acb") == ["a", "<unk>", "b"])
  }

  @Test func `words, numbers and signs`() throws {
    let text = "Don't panic -- it's 42, NOT 'forty-two'!\n Caf\u{E9}s cafe\u{301}s \u{4F60}\u{597D}"
    let tokenizer = try tokenizer("\"words\"", of: text)
    #expect(
      try pieces(tokenizer, text) == [
        "don't", "panic", "-", "-", "it's", "42", ",", "not", "'", "forty", "-", "two", "'", "!",
        "caf\u{E9}s", "cafe\u{301}s", "\u{4F60}\u{597D}",
      ])
    // Three, then two (both spellings of a word count), then the others by their code points.
    #expect(tokenizer.vocabulary?.prefix(6) == ["<unk>", "-", "'", "caf\u{E9}s", "!", ","])
    #expect(
      tokenizer.decode(try tokenizer.encode("It's 42, not?"[...].unicodeScalars).map { Int($0) })
        == "it's 42, not <unk>")
  }

  @Test func `of a vocabulary that has both spellings each is its own`() throws {
    for vocabulary in [["<unk>", "\u{E9}", "e\u{301}"], ["<unk>", "e\u{301}", "\u{E9}"]] {
      for type in ["words", "word_pieces"] {
        let settings: JSON = [
          "type": type.json, "unknown": "<unk>", "vocabulary": vocabulary.json,
        ]
        let object = try #require(settings.members)
        let plain = type == "words" ? [] : [JSON.Member("strip_accents", false)]
        let tokenizer = try tokenizer(JSON(.object(object + plain)).text(), of: "")
        for (number, token) in vocabulary.enumerated().dropFirst() {
          #expect(try tokenizer.encode(token[...].unicodeScalars) == [Int32(number)])
          #expect(tokenizer.decode([number]).unicodeScalars.elementsEqual(token.unicodeScalars))
        }
      }
    }
  }

  @Test func `characters, special and unknown ones differ by their code points`() throws {
    let tokenizer = try tokenizer(
      #"{"type": "characters", "unknown": "\u00c5", "special_tokens": ["A\u030a", "K"]}"#,
      of: "\u{212B}K\u{212A}\u{C5}")
    let vocabulary = try #require(tokenizer.vocabulary)
    #expect(
      vocabulary.map { $0.unicodeScalars.map(\.value) }
        == [[0x41, 0x30A], [0x4B], [0xC5], [0x212A], [0x212B]])
    #expect(
      try tokenizer.encode("\u{212B}\u{212A}\u{C5}z"[...].unicodeScalars) == [4, 3, 2, 2])
    #expect(
      Array(tokenizer.decode([0, 1, 4, 3]).unicodeScalars)
        == Array("\u{212B}\u{212A}".unicodeScalars))
  }

  @Test func `rare words and numbers may be left out`() throws {
    let text = "b b b a a c 7 7 7 7"
    #expect(
      try tokenizer(#"{"type": "words", "minimum_count": 2}"#, of: text).vocabulary
        == ["<unk>", "7", "b", "a"])
    #expect(
      try tokenizer(#"{"type": "words", "maximum_size": 3, "strip_numbers": true}"#, of: text)
        .vocabulary == ["<unk>", "b", "a"])
    let tokenizer = try tokenizer(
      #"{"type": "words", "lower_case": false, "unknown": "?"}"#, of: "A a A ?")
    #expect(tokenizer.vocabulary == ["?", "A", "a"])
    #expect(try pieces(tokenizer, "A b a") == ["A", "?", "a"])
  }

  @Test(arguments: [#""type": "characters", "unknown": "?""#, #""type": "words", "unknown": "?""#])
  func `special tokens come first and stand in no text`(settings: String) throws {
    let tokenizer = try tokenizer(
      #"{\#(settings), "special_tokens": ["<pad>", "b"]}"#, of: "a b a < > pad")
    #expect(tokenizer.vocabulary?.prefix(4).first == "<pad>")
    #expect(tokenizer.vocabulary?[1...2] == ["b", "?"])
    // What is written like a special token is none.
    #expect(try tokenizer.encode("b"[...].unicodeScalars) == [2])
    #expect(try !tokenizer.encode("<pad>"[...].unicodeScalars).contains(0))
    let a = try #require(tokenizer.vocabulary?.firstIndex(of: "a"))
    #expect(tokenizer.decode([a, 1, 0]) == "a")
  }
}
