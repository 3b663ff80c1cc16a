import Datasets
import Foundation
import Settings
import Testing

/// What is wrong in files tokenizer.json, and tokenizers that are not those of the library.
@Suite struct TokenizerJSONTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `other tokenizers are written as their settings`() throws {
    let words = WordTokenizer().fitted(to: ["a b a"[...].unicodeScalars])
    try directory.write("t.json", "\u{FEFF}" + TokenizerJSON.json(of: words).text())
    let read = try TokenizerJSON.read(directory.path + "/t.json")
    #expect(read.vocabulary == ["<unk>", "a", "b"])
    #expect(try read.encode("b c"[...].unicodeScalars) == [2, 0])
    try directory.write("t.json", #"{"type": "words"}"#)
    #expect(
      complaint(directory) { _ = try TokenizerJSON.read(directory.path + "/t.json") }
        .contains("expected a tokenizer with a \"vocabulary\""))
  }

  private static let model =
    #""model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}"#
  private static let bytes = #""pre_tokenizer": {"type": "ByteLevel"}"#

  @Test(arguments: [
    (#"{\#(bytes)}"#, "\"model\" is missing"),
    (#"{\#(model)}"#, "expected the pre-tokenizer \"ByteLevel\", got none"),
    (
      #"{\#(model), "pre_tokenizer": {"type": "Metaspace"}}"#,
      "pre_tokenizer: the type \"Metaspace\" is not supported, only \"ByteLevel\""
    ),
    (
      #"{\#(model), \#(bytes), "normalizer": {"type": "NFC"}}"#,
      "normalizer: the type \"NFC\" is not supported, only none"
    ),
    (
      #"{\#(model), \#(bytes), "added_tokens": [{"id": 3, "content": "<s>", "lstrip": true}]}"#,
      "added_tokens[0].lstrip: not supported"
    ),
    (
      #"{\#(model), \#(bytes), "added_tokens": [{"id": 7, "content": "<s>"}]}"#,
      "expected as the number of \"<s>\" one of 0 to 3 that no other token has, got 7"
    ),
    (
      #"{\#(bytes), "model": {"type": "Unigram", "vocab": []}}"#,
      "model: the type \"Unigram\" is not supported, only \"BPE\", \"WordPiece\""
    ),
    (
      #"{\#(bytes), "model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}"#,
      "that no other token has, got 0"
    ),
    (
      #"{\#(bytes), "model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", 1]]}}"#,
      "model.merges[0]: expected a pair of tokens"
    ),
    (
      #"{\#(bytes), "model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "b"]]}}"#,
      "\"b\" of the merge \"a b\" is not in the vocabulary"
    ),
    (
      #"{\#(bytes), "model": {"type": "BPE", "byte_fallback": true, "vocab": {}, "merges": []}}"#,
      "model.byte_fallback: not supported"
    ),
    ("[]", "\"model\" is missing"),
    ("{", "t.json:1:"),
  ])
  func `what is wrong in a file is said`(text: String, message: String) throws {
    try directory.write("t.json", text)
    let complaint = complaint(directory) {
      _ = try TokenizerJSON.read(directory.path + "/t.json")
    }
    #expect(complaint.contains(message), "\(complaint)")
  }
}
