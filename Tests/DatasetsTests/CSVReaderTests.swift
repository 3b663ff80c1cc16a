import Datasets
import Formats
import Settings
import Testing

@Suite struct CSVReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ table: String, _ more: String = "") throws -> any Dataset {
    try directory.write("t.csv", table)
    return try reader(#"{"type": "csv", "path": "t.csv"\#(more)}"#, in: directory).open()
  }

  private let iris = "width,height,kind,weight\n1,2,b,10\n3,4,a,20\n5,6,\u{E9},30\n7,8,a,40\n"

  @Test func `all columns but the others' are features`() throws {
    let data = try open(iris, #", "label": "kind", "targets": ["weight"]"#)
    #expect(
      data.fields == [
        DataField("features", [2]), DataField("target", [1]),
        DataField("label", [], classes: 3, classNames: ["a", "b", "\u{E9}"]),
      ])
    #expect(try row(data, 1, 0) == [3, 4])
    #expect(try row(data, 3, 1) == [40])
    #expect(try (0..<4).map { try row(data, $0, 2)[0] } == [1, 0, 2, 0])
    #expect(data.files.count == 1)
  }

  @Test func `features come in the order of their list`() throws {
    let data = try open(
      iris, #", "features": ["weight", "width"], "features_field": "x""#)
    #expect(data.fields == [DataField("x", [2])])
    #expect(try row(data, 2, 0) == [30, 5])
  }

  @Test func `labels that are whole numbers are the classes`() throws {
    let data = try open("a,y\n1,10\n2,0\n3,2\n", #", "label": "y""#)
    #expect(data.fields[1].classes == 11)
    #expect(data.fields[1].classNames?.last == "10")
    #expect(try (0..<3).map { try row(data, $0, 1)[0] } == [10, 0, 2])
    let texts = try open("a,y\n1,10\n2,01\n3,2\n", #", "label": "y""#)
    #expect(texts.fields[1].classNames == ["01", "10", "2"])
    let identifiers = try open("a,y\n1,16777217\n2,5\n", #", "label": "y""#)
    #expect(identifiers.fields[1].classNames == ["16777217", "5"])
  }

  @Test func `classes can be given, in their order`() throws {
    let data = try open(iris, #", "label": "kind", "classes": ["\u00e9", "b", "a", "z"]"#)
    #expect(data.fields[1].classes == 4)
    #expect(try (0..<4).map { try row(data, $0, 1)[0] } == [1, 2, 0, 2])
    #expect(
      complaint(directory) { _ = try open(iris, #", "label": "kind", "classes": ["a", "b"]"#) }
        == "t.csv:4: no class \"\u{E9}\" in the column \"kind\" (did you mean \"a\"?)"
        || complaint(directory) {
          _ = try open(iris, #", "label": "kind", "classes": ["a", "b"]"#)
        } == "t.csv:4: no class \"\u{E9}\" in the column \"kind\" (known: a, b)")
  }

  @Test(arguments: [
    ("a,y\n1,b\nx,c\n", "t.csv:3: expected a number in the column \"a\", got \"x\""),
    ("a,y\n1,b\n,c\n", "t.csv:3: expected a number in the column \"a\", got an empty field"),
    ("a,y\n1,b\nnan,c\n", "t.csv:3: expected a number in the column \"a\", got \"nan\""),
    (
      "a,y\n1,b\n1e39,c\n",
      "t.csv:3: expected a number that a Float can hold in the column \"a\", got 1e+39"
    ),
    ("a,y\n1,b\n2,\n", "t.csv:3: expected a label in the column \"y\", got an empty field"),
    ("a,y\n", "t.csv: expected rows behind the header, got none"),
  ])
  func `errors name line and column`(table: String, message: String) {
    #expect(complaint(directory) { _ = try open(table, #", "label": "y""#) } == message)
  }

  @Test func `columns that are not there are named at their places in the config`() throws {
    let error = #expect(throws: Problems.self) {
      try open(iris, #", "features": ["widht", "height"], "label": "knid", "targets": ["q"]"#)
    }
    #expect(
      error?.list.map(\.path).sorted() == [
        "data.train.features[0]", "data.train.label", "data.train.targets[0]",
      ])
    #expect(error?.description.contains("did you mean \"width\"") == true)
    #expect(error?.list.allSatisfy { $0.place?.line == 1 } == true)
  }

  @Test func `a table of semicolons`() throws {
    let data = try open("a;b\n1;2\n", #", "separator": ";""#)
    #expect(try row(data, 0, 0) == [1, 2])
  }

  @Test(arguments: [
    #"{"type": "csv"}"#, #"{"type": "csv", "path": "t", "features": []}"#,
    #"{"type": "csv", "path": "t", "features": "all"}"#,
    #"{"type": "csv", "path": "t", "separator": ""}"#,
    #"{"type": "csv", "path": "t", "separator": "\""}"#,
    #"{"type": "csv", "path": "t", "classes": ["a", "a"]}"#,
    #"{"type": "csv", "path": "t", "label_field": "features"}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try reader(text, in: directory) }
  }
}
