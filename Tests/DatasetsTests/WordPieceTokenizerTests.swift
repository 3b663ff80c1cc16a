import Datasets
import Foundation
import Settings
import Testing

/// Word pieces against the library "tokenizers" of Hugging Face: scripts/reference/make_tokenizer_references.py.
@Suite struct WordPieceTokenizerTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: 0..<5) func `texts become the tokens of the reference`(number: Int) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let bytes = try Data(contentsOf: folder.appending(path: "Fixtures/tokenizers.json"))
    let json = try JSONParser.parse(Array(bytes), file: "tokenizers.json")
    let reference = try #require(json["wordPieces"]?.elements)[number]
    try directory.write("t.json", try #require(reference["file"]).text())
    let tokenizer = try TokenizerJSON.read(directory.path + "/t.json")
    let cases = try #require(reference["cases"]?.elements)
    #expect(cases.count > 20)
    for example in cases {
      var problems = Problems()
      let text = try #require(example["text"]?.string)
      let expected = try #require(example["tokens"].flatMap { [Int].read($0, at: "", &problems) })
      #expect(
        try tokenizer.encode(text[...].unicodeScalars) == expected.map { Int32($0) }, "\(text)")
    }
  }

  @Test func `pieces are put together again`() throws {
    var problems = Problems()
    let json = try JSONParser.parse(
      Array(
        ###"{"type": "word_pieces", "vocabulary": ["[UNK]", "play", "##ing", "##s", ","], "added_tokens": [{"content": "[UNK]", "special": true}]}"###
          .utf8), file: "t.json")
    let tokenizer = try #require(tokenizerRegistry.read(json, at: "", &problems))
    let tokens = try tokenizer.encode("Playing, plays playful"[...].unicodeScalars)
    #expect(tokens == [1, 2, 4, 1, 3, 0])
    #expect(tokenizer.decode(tokens.map { Int($0) }) == "playing, plays")
  }

  @Test func `pieces may begin with a mark`() throws {
    var tokenizer = WordPieceTokenizer()
    tokenizer.vocabulary = ["[UNK]", "\u{915}", "##\u{93F}\u{924}", "##\u{93E}\u{92C}"]
    tokenizer.stripAccents = false
    let word = "\u{915}\u{93F}\u{924}\u{93E}\u{92C}"
    let tokens = try tokenizer.encode(word[...].unicodeScalars)
    #expect(tokens == [1, 2, 3])
    #expect(tokenizer.decode([1, 2, 3]) == word)
  }

  @Test(arguments: [
    (#""vocabulary": ["a"]"#, "\"unknown\" is not in the vocabulary"),
    (#""unknown": "a""#, "\"vocabulary\" is missing"),
  ])
  func `wrong settings are named`(settings: String, message: String) throws {
    var problems = Problems()
    let json = try JSONParser.parse(
      Array(#"{"type": "word_pieces", \#(settings)}"#.utf8), file: "t.json")
    _ = tokenizerRegistry.read(json, at: "tokenizer", &problems)
    #expect(problems.description.contains(message))
  }
}
