import Datasets
import Formats
import Foundation
import Settings
import TensorCore
import Testing

@Suite struct TableReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ text: String, _ more: String, file: String = "x.tsv") throws -> any Dataset {
    try directory.write(file, text)
    return try reader(
      #"{"type": "table", "path": "\#(file)", \#(more)}"#, in: directory
    ).open()
  }

  private static let columns = #"""
    "texts": {"text": {"column": "text", "length": 4}}, "classes": {"label": {"column": "label"}},
    "numbers": {"score": {}}
    """#

  @Test(arguments: [
    ("x.tsv", "label\tscore\ttext\r\nno\t-1.5\ta b \"a\n\nyes\t2\t\n", 1...4),
    ("x.csv", "label,score,text\nno,-1.5,\"a b \"\"a\"\nyes,2,\"\"\n", 1...3),
    (
      "x.jsonl",
      #"{"text": "a b \"a", "label": "no", "score": -1.5}"# + "\n\n"
        + #"{"label": "yes", "score": 2, "text": "", "more": []}"#, 1...3
    ),
  ])
  func `all formats give the same`(file: String, text: String, lines: ClosedRange<Int>) throws {
    let data = try open(text, Self.columns, file: file)
    #expect(data.fields.map(\.name) == ["text", "label", "score"])
    #expect(data.fields.map(\.shape) == [[4], [], []])
    #expect(data.fields.map(\.isPadded) == [true, false, false])
    #expect(data.fields[0].classNames == ["<pad>", "<unk>", "a", "\"", "b"])
    #expect(data.fields[1].classNames == ["no", "yes"])
    #expect(data.count == 2)
    #expect(try row(data, 0, 0) == [2, 4, 3, 2])
    #expect(try row(data, 1, 0) == [0, 0, 0, 0])
    #expect((0..<2).map { data.length(row: $0, field: 0) } == [4, 0])
    #expect(try (0..<2).map { try row(data, $0, 1)[0] } == [0, 1])
    #expect(try (0..<2).map { try row(data, $0, 2)[0] } == [-1.5, 2])
    #expect(data.files.map(\.path) == [directory.path + "/" + file])
  }

  @Test(arguments: [
    ("x.tsv", "\u{FEFF}text\tlabel\na\tb\n"), ("x.csv", "\u{FEFF}text,label\na,b\n"),
    ("x.csv", "\u{FEFF}\"text\",label\na,b\n"),
    ("x.jsonl", "\u{FEFF}{\"text\": \"a\", \"label\": \"b\"}\n"),
  ])
  func `a byte order mark is no part of a table`(file: String, text: String) throws {
    let data = try open(
      text, #""texts": {"text": {"length": 1}}, "classes": {"label": {}}"#, file: file)
    #expect(data.fields[0].classNames == ["<pad>", "<unk>", "a"])
    #expect(data.fields[1].classNames == ["b"])
  }

  @Test func `nor of a file of lines`() throws {
    let data = try open(
      "\u{FEFF}a\n", #""texts": {"x": {"length": 1, "tokenizer": {"type": "characters"}}}"#,
      file: "x.txt")
    #expect(data.fields[0].classNames == ["<pad>", "a"])
  }

  @Test func `long texts are cut, at one end or the other`() throws {
    let start = try open("a b c d\n", #""texts": {"x": {"length": 3}}"#, file: "x.txt")
    #expect(start.fields[0].classNames == ["<pad>", "<unk>", "a", "b", "c", "d"])
    #expect(try row(start, 0, 0) == [2, 3, 4])
    let end = try open(
      "a b c d\n", #""texts": {"x": {"length": 3, "keep_end": true}}"#, file: "x.txt")
    #expect(try row(end, 0, 0) == [3, 4, 5])
  }

  @Test func `parallel files, shifted for a decoder`() throws {
    try directory.write("x.de", "ein Hund\nzwei\n")
    try directory.write("x.en", "a dog\n\n")
    let data = try reader(
      #"""
      {"type": "table", "path": ["x.en", "x.de"], "texts": {
         "source": {"column": 0, "length": 3},
         "target": {"column": 1, "length": 3, "next_field": "target_next"}}}
      """#, in: directory
    ).open()
    #expect(data.fields.map(\.name) == ["source", "target", "target_next"])
    #expect(
      data.fields[2].classNames
        == ["<pad>", "<start>", "<end>", "<unk>", "ein", "hund", "zwei"])
    #expect(data.fields.map(\.isPadded) == [true, true, true])
    #expect(try (0..<2).map { try row(data, $0, 0) } == [[2, 3, 0], [0, 0, 0]])
    #expect(try (0..<2).map { try row(data, $0, 1) } == [[1, 4, 5], [1, 6, 0]])
    #expect(try (0..<2).map { try row(data, $0, 2) } == [[4, 5, 2], [6, 2, 0]])
    #expect((0..<2).map { data.length(row: $0, field: 2) } == [3, 2])
    #expect(Set(data.tokenizers.keys) == ["source", "target", "target_next"])
    #expect(data.tokenizers["target"]?.decode([1, 5, 4, 2, 0]) == "hund ein")
  }

  @Test func `columns may share a tokenizer`() throws {
    let data = try open(
      "a b\tb c\n",
      #"""
      "header": false,
      "texts": {"x": {"column": 0, "length": 2, "tokenizer": {"type": "characters", "unknown": "?"}},
                "y": {"column": 1, "length": 4, "tokenizer_of": "x", "next_field": "z"}}
      """#)
    let vocabulary = ["<pad>", "<start>", "<end>", "?", " ", "a", "b", "c"]
    #expect(data.fields.map(\.classNames) == [vocabulary, vocabulary, vocabulary])
    #expect(try row(data, 0, 0) == [5, 4])
    #expect(try row(data, 0, 1) == [1, 6, 4, 7])
    #expect(try row(data, 0, 2) == [6, 4, 7, 2])
  }

  @Test func `what is learnt comes from the training data and stays`() throws {
    try directory.write("train.tsv", "text\tlabel\na a b\tbad\n")
    try directory.write("test.tsv", "text\tlabel\nb c\tbad\n")
    let split = #""texts": {"text": {"length": 2}}, "classes": {"label": {}}"#
    let data = try spec(
      #"""
      {"train": {"type": "table", "path": "train.tsv", \#(split)},
       "test": {"type": "table", "path": "test.tsv", \#(split)}}
      """#, in: directory
    ).open([.train], seed: 1)
    try FileManager.default.removeItem(atPath: directory.path + "/train.tsv")
    let again = try spec(data.fitted.json.text(), in: directory).open([.test], seed: 1)
    #expect(try row(#require(again[.test]), 0, 0) == [3, 1])
    #expect(again.fitted.tokenizers["text"]?.vocabulary == ["<pad>", "<unk>", "a", "b"])
    let test = try spec(
      data.fitted.json.text().replacingOccurrences(of: "\"bad\"", with: "\"good\""),
      in: directory)
    #expect(
      complaint(directory) { _ = try test.open([.test], seed: 1) }
        == "test.tsv:2: no class \"bad\" for \"label\" (known: good)")
  }

  @Test func `a vocabulary of one's own gets the special tokens`() throws {
    let own = #"{"type": "words", "vocabulary": ["<unk>", "b", "a"]}"#
    let data = try open(
      "a b\n", #""texts": {"x": {"length": 3, "tokenizer": \#(own)}}"#, file: "x.txt")
    #expect(data.tokenizers["x"]?.vocabulary == ["<pad>", "<unk>", "b", "a"])
    #expect(try row(data, 0, 0) == [3, 2, 0])
    let other = #""texts": {"x": {"length": 3, "padding": "b", "tokenizer": \#(own)}}"#
    #expect(
      complaint(directory) { _ = try open("a\n", other, file: "x.txt") }
        .contains(#"expected "b" as token 0 of the vocabulary of "x", got "<unk>""#))
  }

  @Test(arguments: [
    ("text\tlabel\tscore\na\tb\n", "x.tsv:2: expected 3 columns, as in the first line, got 2"),
    ("text\tlabel\tscore\na\tb\tc\n", "x.tsv:2: expected a number, got \"c\""),
    (
      "text\tlabel\tscore\n\na\t\t1\n",
      "x.tsv:3: expected a label for \"label\", got an empty field"
    ),
    ("text\tlabel\tscore\n", "x.tsv: expected rows, got none"),
    ("", "x.tsv: expected rows, got none"),
    ("text\tlabels\tscore\n", "x.tsv has no column \"label\" (did you mean \"labels\"?)"),
  ])
  func `what is wrong in a table is said`(text: String, message: String) {
    #expect(complaint(directory) { _ = try open(text, Self.columns) }.hasSuffix(message))
  }

  @Test(arguments: [
    ("{\"text\": 1, \"score\": 2}", "x.jsonl:1: the object has no \"label\""),
    (
      "{\"text\": null, \"score\": 2}",
      "x.jsonl:1: expected a string, a number or a boolean as \"text\", got null"
    ),
    ("{}\n[1]", "x.jsonl:1: the object has no \"text\""),
    ("\n[1]", "x.jsonl:2: expected a JSON object, got a list"),
    ("{\"a\": 1, \"a\": 2}", "x.jsonl:1: "),
  ])
  func `what is wrong in lines of JSON is said`(text: String, message: String) {
    let complaint = complaint(directory) { _ = try open(text, Self.columns, file: "x.jsonl") }
    #expect(complaint.hasPrefix(message), "\(complaint)")
  }

  @Test func `keys that nobody asks for may hold anything`() throws {
    let data = try open(
      #"""
      {"id": 1234567890123456789, "text": "a", "label": 7, "score": 1, "e": NaN, "x": "\ud83d"}
      {"text": "b", "e": [{"e": -Infinity}], "label": 12345678901234567890, "score": 1e3}
      """#, Self.columns, file: "x.jsonl")
    #expect(data.count == 2)
    #expect(data.fields[1].classNames == ["12345678901234567890", "7"])
    #expect(try (0..<2).map { try row(data, $0, 2)[0] } == [1, 1000])
  }

  @Test(arguments: [
    (#"{"text": "good \ud83d"}"#, "x.jsonl:2: half of a surrogate pair in an escape"),
    (#"{"text": NaN}"#, "x.jsonl:2: expected a value, got \"N\""),
    (
      "{\"text\u{301}\": 1}",
      "x.jsonl:2: the object has no \"text\" (did you mean \"text\u{301}\"?)"
    ),
  ])
  func `keys that are asked for hold what JSON knows`(line: String, message: String) {
    #expect(
      complaint(directory) {
        _ = try open(
          "{\"text\": \"\"}\n" + line, #""texts": {"text": {"length": 1}}"#, file: "x.jsonl")
      } == message)
  }

  @Test func `CSV may be divided by other signs`() throws {
    let data = try open(
      "label;score;text\nno;-1.5;\"a; b\"\nyes;2;\n", #""separator": ";", \#(Self.columns)"#,
      file: "x.csv")
    #expect(data.fields[0].classNames == ["<pad>", "<unk>", ";", "a", "b"])
    #expect(try row(data, 0, 2) == [-1.5])
  }

  @Test(arguments: [
    ("x.csv", "text;label\ngood;1\n", #"divided by semicolons: "separator": ";""#),
    ("x.csv", "\"text\"\t\"label\"\ngood\t1\n", #"divided by tabs: "separator": "\t""#),
    ("x.tsv", "text,label\ngood,1\n", #"divided by commas: "format": "csv""#),
    ("x.tsv", "text;label\ngood;1\n", #"semicolons: "format": "csv", "separator": ";""#),
  ])
  func `what divides a table otherwise is said`(file: String, text: String, hint: String) {
    // Without names, each is the only column there seems to be.
    for columns in [
      #""texts": {"text": {"length": 1}}, "classes": {"label": {}}"#,
      #""texts": {"x": {"column": "text", "length": 1}}"#,
      #""texts": {}, "classes": {"label": {"column": 1}}"#,
    ] {
      let complaint = complaint(directory) { _ = try open(text, columns, file: file) }
      #expect(complaint.contains(hint), "\(complaint)")
    }
  }

  @Test func `one column may hold any signs`() throws {
    let data = try open("a; b; c\nx;y\n", #""texts": {"text": {"length": 3}}"#, file: "x.csv")
    #expect(data.fields[0].classNames == ["<pad>", "<unk>", ";", "x", "y"])
  }

  @Test func `columns differ by their code points`() throws {
    for (file, text) in [
      ("x.tsv", "\u{E9}\te\u{301}\n1\t2\n"), ("x.csv", "\u{E9},e\u{301}\n1,2\n"),
      ("x.jsonl", "{\"\u{E9}\": 1, \"e\u{301}\": 2}"),
    ] {
      let data = try open(
        text,
        "\"texts\": {}, \"numbers\": {\"a\": {\"column\": \"e\u{301}\"}, \"b\": {\"column\": \"\u{E9}\"}}",
        file: file)
      #expect(try (0..<2).map { try row(data, 0, $0) } == [[2], [1]])
    }
  }

  @Test func `parallel files have as many lines`() throws {
    try directory.write("x.de", "1\n2\n3")
    try directory.write("x.en", "1\n2\n")
    let reader = try reader(
      #"{"type": "table", "path": ["x.en", "x.de"], "texts": {"x": {"column": 0, "length": 1}}}"#,
      in: directory)
    #expect(
      complaint(directory) { _ = try reader.open() }
        == "x.de: expected 2 lines, as many as x.en has, got 3")
  }

  @Test func `bytes that are no text are refused`() throws {
    try directory.write("x.txt", [0x61, 0x0A, 0xFF, 0x62])
    let reader = try reader(
      #"{"type": "table", "path": "x.txt", "texts": {"x": {"length": 1}}}"#, in: directory)
    #expect(
      complaint(directory) { _ = try reader.open() }
        == "x.txt:2: expected text in UTF-8, got other bytes")
  }

  @Test(arguments: [
    (
      #""path": "x.tsv", "texts": {}"#,
      "expected at least one of \"texts\", \"classes\" and \"numbers\""
    ),
    (
      #""path": ["x.tsv", "y.tsv"], "texts": {}, "numbers": {"x": {}}"#,
      "only the format \"lines\" takes several files"
    ),
    (
      #""path": "x.csv", "header": false, "texts": {}, "numbers": {"x": {}}"#,
      "a CSV file has a header"
    ),
    (
      #""path": "x.tsv", "texts": {}, "numbers": {"x": {}}, "classes": {"x": {}}"#,
      "two fields have the name \"x\""
    ),
    (
      #""path": "x.tsv", "texts": {"x": {"length": 1, "tokenizer_of": "y"}}"#,
      "there are no texts \"y\""
    ),
    (
      #""path": [], "texts": {}, "numbers": {"x": {}}"#,
      "expected the path of a file, or a list of them"
    ),
    (
      #""path": "x.tsv", "texts": {}, "numbers": {"x": {"column": -1}}"#,
      "expected the name of a column, or its number from 0"
    ),
    (#""path": "x.tsv", "texts": {"x": {"length": 1, "padding": "<end>"}}"#, "are the same"),
    (
      #""path": "x.tsv", "separator": ";", "texts": {}, "numbers": {"x": {}}"#,
      "\"separator\" is that of \"csv\" alone"
    ),
  ])
  func `wrong settings are named`(settings: String, message: String) {
    let complaint = complaint(directory) {
      _ = try reader(#"{"type": "table", \#(settings)}"#, in: directory)
    }
    #expect(complaint.contains(message), "\(complaint)")
  }

  @Test(arguments: [
    (#"{"x": {"column": 3}}"#, "expected a column from 0 to 1, as x.tsv has 2; got 3"),
    (
      #"{"x": {"column": "b"}}"#,
      "expected the number of a column for \"x\", as those of x.tsv have no names"
    ),
  ])
  func `columns that there are not are named`(numbers: String, message: String) {
    #expect(
      complaint(directory) {
        _ = try open("1\t2\n", #""header": false, "texts": {}, "numbers": \#(numbers)"#)
      }.contains(message))
  }
}
