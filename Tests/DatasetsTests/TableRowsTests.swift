import Datasets
import Formats
import Foundation
import Settings
import TensorCore
import Testing

/// Rows of tables that no configuration names, read as the training data were.
@Suite struct TableRowsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A reader whose vocabulary, from `train`, is <pad>, <unk>, a, b.
  private func fitted(_ train: String, _ text: String, _ more: String) throws -> any Reader {
    try directory.write(train, text)
    let open = try spec(
      #"{"train": {"type": "table", "path": "\#(train)", \#(more)}}"#, in: directory
    ).open(seed: 1)
    return try #require(open.fitted.train?.reader)
  }

  private func tokens(
    _ reader: any Reader, _ name: String, _ text: String, of field: String = "text"
  ) throws -> [[Float]] {
    try directory.write(name, text)
    let data = try #require(try reader.rows(name, in: directory, of: [field])).dataset
    #expect(data.fields.map(\.name).contains(field))
    let index = try #require(data.fields.firstIndex { $0.name == field })
    return try (0..<data.count).map { try row(data, $0, index) }
  }

  @Test func `another table is read by the same columns, without the others`() throws {
    let reader = try fitted(
      "t.tsv", "label\tbody\nx\ta b\n",
      #""texts": {"text": {"column": "body", "length": 2}}, "classes": {"label": {}}"#)
    for (name, text) in [
      ("y.tsv", "body\nb\n\"a\n"), ("y.tsv", "id\tbody\tlabel\n1\tb\tz\n2\t\"a\tz\n"),
      ("y.csv", "n,body\n1,b\n2,\"\"\"a\"\n"), ("Y.CSV", "n,body\n1,b\n2,\"\"\"a\"\n"),
      ("y.jsonl", "{\"body\": \"b\"}\n{\"body\": \"\\\"a\"}\n"),
      ("y.jsonl", "{\"text\": \"b\"}\n{\"text\": \"\\\"a\"}\n"), ("y.tsv", "text\nb\n\"a\n"),
      ("y.txt", "b\n\"a\n"), ("y", "b\n\"a\n"),
    ] {
      #expect(try tokens(reader, name, text) == [[3, 0], [1, 2]], "\(name) \(text)")
    }
    let packed = try Gzip.compress(Array("body\nb\n".utf8), file: "y.tsv.gz")
    try directory.write("y.tsv.gz", packed)
    let rows = try #require(try reader.rows("y.tsv.gz", in: directory, of: ["text"]))
    #expect(try row(rows.dataset, 0, 0) == [3, 0])
    #expect(
      complaint(directory) { _ = try tokens(reader, "z.tsv", "bodies\na\n") }
        .hasSuffix("z.tsv has no column \"body\" (known: bodies)"))
  }

  @Test func `columns may be meant by their numbers, in files of any name`() throws {
    let settings = #"""
      "format": "tsv", "header": false, "texts": {"text": {"column": 1, "length": 2}},
      "classes": {"label": {"column": 0}}
      """#
    let reader = try fitted("t.data", "x\ta b\n", settings)
    for (name, text) in [
      ("y.tsv", "q\tb\n"), ("y.tsv", "b\n"), ("y.data", "q\tb\n"), ("y.txt", "b\n"),
      ("y.csv", "label,body\nq,b\n"), ("y.csv", "text\nb\n"), ("y.jsonl", "{\"text\": \"b\"}"),
    ] {
      #expect(try tokens(reader, name, text) == [[3, 0]], "\(name) \(text)")
    }
    // Several columns, none of the number that is meant.
    let further = try fitted(
      "u.tsv", "x\ty\ta b\n", #""header": false, "texts": {"text": {"column": 2, "length": 2}}"#)
    #expect(
      complaint(directory) { _ = try tokens(further, "z.tsv", "a\tb\n") }
        .contains("expected a column from 0 to 1, as z.tsv has 2; got 2"))
  }

  @Test(arguments: [
    ("tsv", "label\ttext\nx\ta b\n", "text\tlabel\nb\tx\n"),
    ("csv", "label,text\nx,a b\n", "text,\"label\"\nb,x\n"),
    ("jsonl", "{\"text\": \"a b\"}\n", "{\"text\": \"b\"}\n"), ("lines", "a b\n", "b\n"),
  ])
  func `a name that says nothing is that of a table like the training data, or of lines`(
    format: String, train: String, other: String
  ) throws {
    for name in ["t.txt", "t"] {
      let reader = try fitted(
        name, train, #""format": "\#(format)", "texts": {"text": {"length": 2}}"#)
      let ending = name.dropFirst()
      #expect(try tokens(reader, "y\(ending)", other) == [[3, 0]])
      #expect(try tokens(reader, "y\(ending)", "b\na, b\n") == [[3, 0], [2, 1]])
    }
  }

  @Test func `a separator is that of the training data`() throws {
    let reader = try fitted(
      "t.csv", "label;text\nx;a b\n", #""separator": ";", "texts": {"text": {"length": 2}}"#)
    #expect(try tokens(reader, "y.csv", "text;label\n\"b;\";x\n") == [[3, 1]])
  }

  @Test func `of another table come several fields`() throws {
    let reader = try fitted(
      "t.tsv", "one\ttwo\tscore\tlabel\na b\tb a\t1\tx\n",
      #"""
      "texts": {"one": {"length": 2}, "two": {"length": 3, "tokenizer_of": "one", "next_field": "then"}},
      "numbers": {"score": {}}, "classes": {"label": {}}
      """#)
    try directory.write("y.csv", "score,one,two\n-2,b,a\n")
    let data = try #require(
      try reader.rows("y.csv", in: directory, of: ["one", "two", "then", "score"])
    ).dataset
    #expect(data.fields.map(\.name) == ["one", "two", "then", "score"])
    let rows: [[Float]] = try (0..<4).map { try row(data, 0, $0) }
    #expect(rows == [[5, 0], [1, 4, 0], [4, 2, 0], [-2]])
    // A text a line is of one field, alone or with what follows.
    try directory.write("y.txt", "b\n")
    #expect(try reader.rows("y.txt", in: directory, of: ["one", "score"]) == nil)
    #expect(try tokens(reader, "y.txt", "b\n", of: "one") == [[5, 0]])
    #expect(try tokens(reader, "y.txt", "b\n", of: "then") == [[5, 2, 0]])
    #expect(try tokens(reader, "y.txt", "2\n-1\n", of: "score") == [[2], [-1]])
    #expect(try tokens(reader, "y.tsv", "label\nx\n", of: "label") == [[0]])
    #expect(try reader.rows("y.csv", in: directory, of: ["one", "other"]) == nil)
    #expect(try reader.rows("y.npy", in: directory, of: ["one"]) == nil)
    #expect(reader.columns(of: "score") == FieldColumns(["score"]))
    #expect(reader.columns(of: "one") == nil)
  }
}
