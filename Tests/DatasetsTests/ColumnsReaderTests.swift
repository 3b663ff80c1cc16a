import Datasets
import Formats
import Settings
import TensorCore
import Testing

@Suite struct ColumnsReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ text: String, _ more: String = "") throws -> any Dataset {
    try directory.write("x.txt", text)
    return try reader(
      #"{"type": "columns", "path": "x.txt"\#(more)}"#, in: directory
    ).open()
  }

  @Test func `rows of the UCR archive`() throws {
    let text = "  2.0000000e+00  1.5 -2\n  1.0000000e+00\t3 4e-1 \r\n\n 2 5 6\n"
    let data = try open(text, #", "label_column": 0"#)
    #expect(
      data.fields == [
        DataField("features", [2]), DataField("label", [], classes: 2, classNames: ["1", "2"]),
      ])
    #expect(try (0..<3).map { try row(data, $0, 0) } == [[1.5, -2], [3, 0.4], [5, 6]])
    #expect(try (0..<3).map { try row(data, $0, 1) } == [[1], [0], [1]])
    #expect(data.files.map(\.path) == [directory.path + "/x.txt"])
  }

  @Test func `separators, headers, columns without a label and labels at the end`() throws {
    let plain = try open("a;b\n1; 2\n3 ;4\n", #", "separator": ";", "skip_lines": 1"#)
    #expect(plain.fields == [DataField("features", [2])])
    #expect(try row(plain, 1, 0) == [3, 4])
    let last = try open(
      "1 2 b\n3 4 a\n", #", "label_column": -1, "label_field": "y", "features_field": "x""#)
    #expect(last.fields.map(\.name) == ["x", "y"])
    #expect(last.fields[1].classNames == ["a", "b"])
    #expect(try row(last, 0, 1) == [1])
  }

  @Test func `labels are sorted as numbers, and may be given`() throws {
    let data = try open("10 0\n9 0\n-1 0\n", #", "label_column": 0"#)
    #expect(data.fields[1].classNames == ["-1", "9", "10"])
    let known = try open("1.0 0\n", #", "label_column": 0, "classes": ["2", "1"]"#)
    #expect(try row(known, 0, 1) == [1])
    #expect(
      complaint(directory) {
        _ = try open("1 0\n3 0\n", #", "label_column": 0, "classes": ["2", "1"]"#)
      } == "x.txt:2: no class \"3\" (known: 2, 1)")
  }

  @Test(arguments: [
    ("", "", "x.txt: expected rows of numbers, got none"),
    ("1 2\n\n1 2 3\n", "", "x.txt:3: expected 2 columns, as in the first row, got 3"),
    ("1 x\n", "", "x.txt:1: expected a number in column 1, got \"x\""),
    ("1 nan\n", "", "x.txt:1: expected a number in column 1, got \"nan\""),
    ("1 1e39\n", "", "x.txt:1: expected a number in column 1, got \"1e39\""),
    (
      "1, 2, 3\n", "",
      "x.txt:1: expected a number in column 0, got \"1,\"; the line looks divided by commas: "
        + "\"separator\": \",\""
    ),
    (
      "1;2;3\n", #", "label_column": -1"#,
      "x.txt:1: expected features beside the label, got one column; the line looks divided by "
        + "semicolons: \"separator\": \";\""
    ),
    (
      "1 2,5\n", "",
      "x.txt:1: expected a number in column 1, got \"2,5\"; numbers have a decimal point, not a comma"
    ),
    (
      "1,,2\n", #", "separator": ",""#, "x.txt:1: expected a number in column 1, got an empty field"
    ),
    ("1 2\n", #", "label_column": 2"#, "x.txt:1: expected a label in column 2, got 2 columns"),
    ("1\n", #", "label_column": 0"#, "x.txt:1: expected features beside the label, got one column"),
  ])
  func `what is wrong is named`(text: String, more: String, message: String) throws {
    #expect(complaint(directory) { _ = try open(text, more) } == message)
  }

  @Test(arguments: [
    #"{"type": "columns"}"#, #"{"type": "columns", "path": "x", "separator": "ab"}"#,
    #"{"type": "columns", "path": "x", "skip_lines": -1}"#,
    #"{"type": "columns", "path": "x", "label_field": "features"}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try reader(text, in: directory) }
  }

  @Test func `rows of another file have the label's column, or not`() throws {
    let reader = try reader(
      #"{"type": "columns", "path": "x.txt", "label_column": 0, "skip_lines": 1, "classes": ["1", "7"]}"#,
      in: directory)
    func isPair(_ fields: [DataField]) -> Bool { fields == [DataField("features", [2])] }
    for (name, text) in [
      ("y.txt", "#\n1 2 3\n7 4 5\n"), ("y", "#\n2 3\n4 5\n"), ("y.tsv", "#\nb 2 3\nc 4 5\n"),
    ] {
      try directory.write(name, text)
      let rows = try #require(
        try reader.rows(name, in: directory, of: ["features"], suits: isPair))
      #expect(try (0..<2).map { try row(rows.dataset, $0, 0) } == [[2, 3], [4, 5]], "\(text)")
    }
    try directory.write("one.txt", "#\n5\n6\n")
    let one = try #require(
      try reader.rows("one.txt", in: directory, of: ["features"]) {
        $0 == [DataField("features", [1])]
      })
    #expect(try row(one.dataset, 1, 0) == [6])
    try directory.write("wide.txt", "#\n1 2 3 4\n")
    let wide = try #require(
      try reader.rows("wide.txt", in: directory, of: ["features"], suits: isPair))
    #expect(wide.dataset.fields == [DataField("features", [3])])
    let both = try #require(
      try reader.rows("y.txt", in: directory, of: ["features", "label"], suits: isPair))
    #expect(both.dataset.fields.map(\.name) == ["features", "label"])
  }

  @Test(arguments: [[0, 0, 8, 1], [0x93, 0x4E], [0x89, 0x50], [0xFF, 0xD8]] as [[UInt8]])
  func `files that are no text are left to others`(bytes: [UInt8]) throws {
    let reader = try reader(#"{"type": "columns", "path": "x.txt"}"#, in: directory)
    try directory.write("y", bytes)
    #expect(try reader.rows("y", in: directory, of: ["features"]) == nil)
    #expect(try reader.rows("", in: directory, of: ["features"]) == nil)
  }
}
