import Datasets
import Foundation
import TensorCore
import Testing

@Suite struct TextReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ text: String, _ more: String) throws -> any Dataset {
    try directory.write("x.txt", text)
    return try reader(
      #"{"type": "text", "path": "x.txt", \#(more)}"#, in: directory
    ).open()
  }

  @Test func `a row is some tokens and those behind them`() throws {
    let data = try open("abcabd", #""length": 2"#)
    #expect(data.fields.map(\.name) == ["tokens", "next"])
    #expect(data.fields.allSatisfy { $0.shape == [2] && $0.classes == 4 && !$0.isOneHot })
    #expect(data.fields[0].classNames == ["a", "b", "c", "d"])
    // Six characters foretell five.
    #expect(data.count == 2)
    #expect(try (0..<2).map { try row(data, $0, 0) } == [[0, 1], [2, 0]])
    #expect(try (0..<2).map { try row(data, $0, 1) } == [[1, 2], [0, 1]])
    #expect(data.files.map(\.path) == [directory.path + "/x.txt"])
  }

  @Test func `rows may overlap`() throws {
    let data = try open("abcabd", #""length": 3, "stride": 1, "next_field": "y""#)
    #expect(data.fields[1].name == "y")
    #expect(data.count == 3)
    #expect(try row(data, 2, 0) == [2, 0, 1])
    #expect(try row(data, 2, 1) == [0, 1, 3])
    #expect(try open("abcabd", #""length": 5, "stride": 7"#).count == 1)
  }

  @Test func `a part is counted in characters`() throws {
    let data = try open("äöüß\u{1F600}e\u{301}xyz", #""length": 1, "part": [0.4, 0.79]"#)
    // Of ten characters, those from 4 to before 7: the letter and its accent are two.
    #expect(data.fields[0].classNames == ["e", "\u{301}", "\u{1F600}"])
    #expect(data.count == 2)
  }

  @Test func `the vocabulary is that of the training text`() throws {
    try directory.write("x.txt", "hello world")
    let data = try spec(
      #"""
      {"train": {"type": "text", "path": "x.txt", "length": 2, "part": [0.4, 1]},
       "test": {"type": "text", "path": "x.txt", "length": 2, "part": [0.19, 0.7]}}
      """#, in: directory
    ).open(seed: 1)
    #expect(data.fields[0].classNames == [" ", "d", "l", "o", "r", "w"])
    #expect(try row(try #require(data[.test]), 0, 0) == [2, 2])
    let tokenizers = data.fitted.tokenizers
    #expect(Set(tokenizers.keys) == ["tokens", "next"])
    #expect(try tokenizers["next"]?.encode("lord"[...].unicodeScalars) == [2, 3, 4, 1])
    #expect(tokenizers["tokens"]?.decode([2, 3]) == "lo")
    let complaint = complaint(directory) {
      _ = try spec(
        #"""
        {"train": {"type": "text", "path": "x.txt", "length": 2, "part": [0.4, 1]},
         "test": {"type": "text", "path": "x.txt", "length": 2, "part": [0, 0.5]}}
        """#, in: directory
      ).open(seed: 1)
    }
    #expect(complaint == "x.txt:1: \"h\" is not in the vocabulary of the tokenizer")
  }

  @Test func `the tokenizer is that of the training text too`() throws {
    try directory.write("x.txt", "a b a c")
    let data = try spec(
      #"""
      {"train": {"type": "text", "path": "x.txt", "length": 2, "tokenizer": "words"},
       "test": {"type": "text", "path": "x.txt", "length": 1, "part": [0.5, 1]}}
      """#, in: directory)
    #expect(data.tokenizers.isEmpty)
    let opened = try data.open([.train], seed: 1)
    let again = try spec(opened.fitted.json.text(), in: directory).open([.test], seed: 1)
    #expect(try row(#require(again[.test]), 0, 0) == [1])
    #expect(again.fitted.tokenizers["tokens"]?.vocabulary == ["<unk>", "a", "b", "c"])
  }

  @Test(arguments: [
    ("", #""length": 1"#, "x.txt: expected more than 1 tokens (the length of a row), got 0"),
    ("abc", #""length": 3"#, "x.txt: expected more than 3 tokens (the length of a row), got 3"),
    (
      "ab\ncd",
      #""length": 1, "tokenizer": {"type": "characters", "vocabulary": ["a", "b", "\n"]}"#,
      "x.txt:2: \"c\" is not in the vocabulary of the tokenizer"
    ),
  ])
  func `what is wrong in a text is said`(text: String, more: String, message: String) {
    #expect(complaint(directory) { _ = try open(text, more) } == message)
  }

  @Test func `bytes that are no text are refused`() throws {
    try directory.write("x.txt", [0x61, 0x0A, 0xFF, 0x62])
    let reader = try reader(
      #"{"type": "text", "path": "x.txt", "length": 1}"#, in: directory)
    #expect(
      complaint(directory) { _ = try reader.open() }
        == "x.txt:2: expected text in UTF-8, got other bytes")
  }

  @Test(arguments: [
    (#""part": [0.5, 0.5]"#, "two fractions from 0 to 1, in order"),
    (#""part": [0, 2]"#, "two fractions from 0 to 1, in order"),
    (#""tokens_field": "next""#, "name the same field"),
    (
      #""tokenizer": {"type": "characters", "vocabulary": ["ab"]}"#,
      "expected a vocabulary of characters, got \"ab\""
    ),
    (#""tokenizer": {"type": "characters", "vocabulary": ["a", "a"]}"#, "all different"),
    (
      #""tokenizer": {"type": "words", "vocabulary": ["a"]}"#,
      "\"unknown\" is not in the vocabulary"
    ),
    (
      #""tokenizer": {"type": "characters", "vocabulary": ["a", "<p>"], "special_tokens": ["<p>"]}"#,
      "the vocabulary does not begin with \"special_tokens\""
    ),
    (#""tokenizer": "word""#, "did you mean \"words\"?"),
  ])
  func `wrong settings are named`(more: String, message: String) {
    #expect(
      complaint(directory) {
        _ = try reader(
          #"{"type": "text", "path": "x.txt", "length": 1, \#(more)}"#, in: directory)
      }.contains(message))
  }

  @Test func `another text is read whole, to its last token`() throws {
    try directory.write("x.txt", "abcabd")
    let open = try spec(
      #"{"train": {"type": "text", "path": "x.txt", "length": 3, "part": [0, 1]}}"#, in: directory
    ).open(seed: 1)
    let reader = try #require(open.fitted.train?.reader)
    func rows(_ text: String, _ fields: Set<String> = ["tokens"]) throws -> [[Float]] {
      try directory.write("y.txt", text)
      let data = try #require(try reader.rows("y.txt", in: directory, of: fields)).dataset
      #expect(Set(data.fields.map(\.name)).isSuperset(of: fields))
      return try (0..<data.count).map { try row(data, $0, 0) }
    }
    #expect(try rows("abc") == [[0, 1, 2]])
    #expect(try rows("abcd") == [[0, 1, 2], [1, 2, 3]])
    #expect(try rows("abcdab") == [[0, 1, 2], [3, 0, 1]])
    #expect(try rows("abcdab", ["tokens", "next"]) == [[0, 1, 2]])
    #expect(
      complaint(directory) { _ = try rows("ab") }.hasPrefix(
        "y.txt: expected at least 3 tokens (the length of a row), got 2; `generate --prompt`"))
    #expect(
      complaint(directory) { _ = try rows("abx") }
        == "y.txt:1: \"x\" is not in the vocabulary of the tokenizer")
  }
}
