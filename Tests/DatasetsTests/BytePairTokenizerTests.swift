import Datasets
import Foundation
import Settings
import Testing

/// Byte pairs against the library "tokenizers" of Hugging Face: scripts/reference/make_tokenizer_references.py.
@Suite struct BytePairTokenizerTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      let text: String
      let tokens: [Int32]
      let decoded: String
    }

    let texts: [String]
    let size: Int
    let special: [String]
    let minimumCount: Int
    let vocabulary: [String]
    let merges: [String]
    let cases: [Case]
    let prefixed: [Case]
  }

  private let directory: TemporaryDirectory
  private let reference: Reference

  init() throws {
    directory = try TemporaryDirectory()
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let bytes = try Data(contentsOf: folder.appending(path: "Fixtures/tokenizers.json"))
    reference = try JSONDecoder().decode(Reference.self, from: bytes)
  }

  @Test func `special tokens are no characters of bytes`() throws {
    // U+9000 has the byte E9, which is written as the character that the special token is equivalent to.
    var tokenizer = BytePairTokenizer()
    tokenizer.specialTokens = ["e\u{301}"]
    tokenizer = tokenizer.fitted(to: views(["\u{9000}\u{9000}"]))
    let tokens = try tokenizer.encode("\u{9000}"[...].unicodeScalars).map(Int.init)
    #expect(!tokens.contains(0))
    #expect(tokenizer.decode([0] + tokens) == "\u{9000}")
    try directory.write("t.json", TokenizerJSON.json(of: tokenizer).text())
    let read = try TokenizerJSON.read(directory.path + "/t.json")
    #expect(try read.encode("e\u{301}\u{9000}"[...].unicodeScalars).map(Int.init) == [0] + tokens)
    #expect(read.decode([0] + tokens) == "\u{9000}")
  }

  private func views(_ texts: [String]) -> [Substring.UnicodeScalarView] {
    texts.map { $0[...].unicodeScalars }
  }

  private var trained: BytePairTokenizer {
    var tokenizer = BytePairTokenizer()
    tokenizer.vocabularySize = reference.size
    tokenizer.minimumCount = reference.minimumCount
    tokenizer.specialTokens = reference.special
    return tokenizer.fitted(to: views(reference.texts))
  }

  @Test func `training learns the pairs of the reference in its order`() {
    let trained = trained
    #expect(trained.vocabulary == reference.vocabulary)
    #expect(trained.merges == reference.merges)
  }

  @Test func `texts become the tokens of the reference, and texts again`() throws {
    let trained = trained
    for example in reference.cases {
      let tokens = try trained.encode(example.text[...].unicodeScalars)
      #expect(tokens == example.tokens, "\(example.text)")
      #expect(trained.decode(tokens.map(Int.init)) == example.decoded)
    }
    var prefixed = trained
    prefixed.addsPrefixSpace = true
    for example in reference.prefixed {
      let tokens = try prefixed.encode(example.text[...].unicodeScalars)
      #expect(tokens == example.tokens)
      guard !example.text.hasPrefix(" ") else { continue }
      #expect(prefixed.decodeBeginning(tokens.map(Int.init)) == example.text)
    }
  }

  @Test func `a tokenizer is written as it is read`() throws {
    let trained = trained
    try directory.write("t.json", TokenizerJSON.json(of: trained).text())
    let read = try #require(
      try TokenizerJSON.read(directory.path + "/t.json") as? BytePairTokenizer)
    #expect(read.vocabulary == trained.vocabulary)
    #expect(read.merges == trained.merges)
    #expect(read.addedTokens.map(\.content) == reference.special)
    for example in reference.cases where !example.text.contains("<") {
      #expect(try read.encode(example.text[...].unicodeScalars) == example.tokens)
    }
    // What a file calls an added token is found in texts.
    #expect(try read.encode("a<pad>b"[...].unicodeScalars)[1] == 0)
    #expect(read.decode([0, 40]) == trained.decode([40]))
  }

  @Test func `a file is the tokenizer of a reader and stays in the checkpoint`() throws {
    try directory.write("t.json", TokenizerJSON.json(of: trained).text())
    try directory.write("x.txt", "the cat\n")
    let data = try spec(
      #"""
      {"train": {"type": "table", "path": "x.txt",
         "texts": {"x": {"length": 5, "padding": "[PAD]", "tokenizer": {"type": "file", "path": "t.json"}}}}}
      """#, in: directory
    ).open(seed: 1)
    let plain = try trained.encode("the cat"[...].unicodeScalars)
    let row = try row(#require(data[.train]), 0, 0)
    // The padding was put in front of the vocabulary of the file.
    #expect(Array(row.prefix(plain.count)) == plain.map { Float($0 + 1) })
    try FileManager.default.removeItem(atPath: directory.path + "/t.json")
    let again = try spec(data.fitted.json.text(), in: directory).open(seed: 1)
    #expect(again.fitted.tokenizers["x"]?.decode(row.map { Int($0) }) == "the cat")
    try directory.write("x.txt", "the cat sat")
    #expect(
      complaint(directory) {
        _ = try spec(
          #"{"train": {"type": "text", "path": "x.txt", "length": 1, "tokenizer": {"type": "file", "path": "t.json"}}}"#,
          in: directory
        ).open(seed: 1)
      }.contains("cannot read \"t.json\""))
  }

  @Test func `a long word costs little`() throws {
    let tokens = try trained.encode(String(repeating: "the", count: 200_000)[...].unicodeScalars)
    #expect(trained.decode(tokens.map(Int.init)).count == 600_000)
  }

  @Test(arguments: [
    (
      #""vocabulary": ["a", "b"], "merges": ["a b"]"#,
      "\"ab\" of the merge \"a b\" is not in the vocabulary"
    ),
    (
      #""vocabulary": ["a", "b"], "merges": ["ab"]"#,
      "expected two tokens with a space between them"
    ),
    (#""merges": ["a b"]"#, "\"merges\" need a \"vocabulary\""),
    (
      #""vocabulary": ["a"], "added_tokens": [{"content": "b"}]"#,
      "the added token \"b\" is not in the vocabulary"
    ),
    (#""vocabulary_size": 255"#, "from 256"),
  ])
  func `wrong settings are named`(settings: String, message: String) throws {
    var problems = Problems()
    let json = try JSONParser.parse(
      Array(#"{"type": "bpe", \#(settings)}"#.utf8), file: "t.json")
    _ = tokenizerRegistry.read(json, at: "tokenizer", &problems)
    #expect(problems.description.contains(message))
  }
}
