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

  /// Features that are columns of the file which the reader chose.
  private func features(_ columns: [String]) -> DataField {
    var field = DataField("features", [columns.count])
    field.columns = columns
    return field
  }

  @Test func `all columns but the others' are features`() throws {
    let data = try open(iris, #", "label": "kind", "targets": ["weight"]"#)
    #expect(
      data.fields == [
        features(["width", "height"]), DataField("target", [1]),
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

  @Test func `classes differ by their code points`() throws {
    let data = try open("a,y\n1,\u{E9}\n2,e\u{301}\n3,\u{E9}\n", #", "label": "y""#)
    #expect(data.fields[1].classes == 2)
    #expect(try (0..<3).map { try row(data, $0, 1)[0] } == [1, 0, 1])
    let known = try open(
      "a,y\n1,\u{E9}\n2,e\u{301}\n", #", "label": "y", "classes": ["\u00e9", "e\u0301"]"#)
    #expect(try (0..<2).map { try row(known, $0, 1)[0] } == [0, 1])
    // The other spelling is the same class where no class has it.
    let one = try open("a,y\n1,\u{E9}\n2,e\u{301}\n", #", "label": "y", "classes": ["e\u0301"]"#)
    #expect(try (0..<2).map { try row(one, $0, 1)[0] } == [0, 0])
  }

  @Test func `columns are found in either spelling`() throws {
    let one = try open("e\u{301},b\n1,2\n", #", "features": ["\u00e9"]"#)
    #expect(try row(one, 0, 0) == [1])
    let both = try open("\u{E9},e\u{301}\n1,2\n", #", "features": ["e\u0301", "\u00e9"]"#)
    #expect(try row(both, 0, 0) == [2, 1])
    let label = try open("\u{E9},e\u{301}\n5,1\n6,0\n", #", "label": "e\u0301""#)
    #expect(label.fields.map(\.name) == ["features", "label"])
    #expect(try row(label, 1, 0) == [6])
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

  @Test(arguments: [
    (",a,b,y\n0,1,2,0\n1,3,1,1\n", 1), (",a,b,y\n17,1,2,0\n3,3,1,1\n", 1),
    ("Unnamed: 0,a,b,y\n0,1,2,0\n1,3,1,1\n", 1),
    (",Unnamed: 0,a,b,y\n5,0,1,2,0\n6,1,3,1,1\n", 2),
    (",Unnamed: 0.1,Unnamed: 0,a,b,y\n1,5,0,1,2,0\n2,6,1,3,1,1\n", 3),
  ])
  func `numbers of the rows are no features`(table: String, count: Int) throws {
    let data = try open(table, #", "label": "y""#)
    #expect(data.fields[0] == features(["a", "b"]))
    #expect(try (0..<2).map { try row(data, $0, 0) } == [[1, 2], [3, 1]])
    #expect(data.notes.count == count)
    #expect(
      data.notes.last?.hasSuffix(
        "only numbers the rows and is no feature; another name makes it one") == true)
  }

  @Test(arguments: [
    (",a,y\n0,1,0\n0,3,1\n", ["", "a"]), (",a,y\n0.5,1,0\n1,3,1\n", ["", "a"]),
    (",a,y\n-1,1,0\n1,3,1\n", ["", "a"]), ("id,a,y\n0,1,0\n1,3,1\n", ["id", "a"]),
    ("a,,y\n1,0,0\n3,1,1\n", ["a", ""]),
  ])
  func `other columns stay features`(table: String, columns: [String]) throws {
    let data = try open(table, #", "label": "y""#)
    #expect(data.fields[0] == features(columns))
    #expect(data.notes.isEmpty)
  }

  @Test func `what is named is read whatever its name`() throws {
    let data = try open(
      "Unnamed: 0,a\n0,1\n1,3\n", #", "features": ["a", "Unnamed: 0"]"#)
    #expect(try row(data, 1, 0) == [3, 1])
    #expect(data.notes.isEmpty)
    let label = try open("Unnamed: 0,a\n0,1\n1,3\n", #", "label": "Unnamed: 0""#)
    #expect(label.fields.map(\.name) == ["features", "label"])
    #expect(label.notes.isEmpty)
  }

  @Test func `features of another table need neither label nor targets`() throws {
    for named in [#""features": ["height", "width"], "#, ""] {
      let settings =
        #"{"type": "csv", "path": "t.data", \#(named)"label": "kind", "targets": ["weight"]}"#
      let reader = try reader(settings, in: directory)
      for (name, text) in [
        ("x.csv", "width,height\n1,2\n"), ("x.tsv", "kind,width,height\nb,1,2\n"),
        ("y.data", "width,height,weight,kind\n1,2,,\n"),
      ] {
        try directory.write(name, text)
        let data = try #require(try reader.rows(name, in: directory, of: ["features"])).dataset
        #expect(
          data.fields == [
            named.isEmpty ? features(["width", "height"]) : DataField("features", [2])
          ])
        #expect(try row(data, 0, 0) == (named.isEmpty ? [1, 2] : [2, 1]))
      }
      #expect(try reader.rows("x.csv", in: directory, of: ["label"]) == nil)
      #expect(try reader.rows("x.csv", in: directory, of: ["features", "other"]) == nil)
      for name in ["x.npy", "x", "x.png", "x.csv.png"] {
        #expect(try reader.rows(name, in: directory, of: ["features"]) == nil)
      }
      let packed = try Gzip.compress(Array("width,height\n1,2\n".utf8), file: "x.csv.gz")
      try directory.write("x.csv.gz", packed)
      #expect(try reader.rows("x.csv.gz", in: directory, of: ["features"]) != nil)
    }
  }

  @Test func `of another table come all fields that are asked for`() throws {
    let reader = try reader(
      #"{"type": "csv", "path": "t.csv", "label": "kind", "targets": ["weight"], "classes": ["a", "b"]}"#,
      in: directory)
    try directory.write("x.csv", "width,weight,kind\n1,10,b\n")
    let all = try #require(
      try reader.rows("x.csv", in: directory, of: ["features", "target", "label"])
    ).dataset
    #expect(all.fields.map(\.name) == ["features", "target", "label"])
    #expect(try (0..<3).map { try row(all, 0, $0) } == [[1], [10], [1]])
    let some = try #require(try reader.rows("x.csv", in: directory, of: ["features", "target"]))
    #expect(some.dataset.fields.map(\.name) == ["features", "target"])
    try directory.write("y.csv", "width,kind\n1,b\n")
    #expect(
      complaint(directory) {
        _ = try reader.rows("y.csv", in: directory, of: ["features", "target"])
      }.contains("y.csv has no column \"weight\""))
  }

  @Test func `fields know their columns`() throws {
    let reader = try reader(
      #"{"type": "csv", "path": "t.csv", "label": "kind", "targets": ["weight", "age"]}"#,
      in: directory)
    #expect(reader.columns(of: "target") == FieldColumns(["weight", "age"]))
    #expect(reader.columns(of: "features") == FieldColumns(nil))
    #expect(reader.columns(of: "label") == nil)
    let named = try DatasetsTests.reader(
      #"{"type": "csv", "path": "t.csv", "features": ["b", "a"]}"#, in: directory)
    #expect(named.columns(of: "features") == FieldColumns(["b", "a"]))
    #expect(named.columns(of: "target") == nil)
  }

  @Test func `other files are read by the names of the training file's columns`() throws {
    try directory.write("t.csv", "a,b,y\n1,2,0\n3,4,1\n")
    try directory.write("v.csv", "extra,b,y,a\n9,20,0,10\n")
    let source = #""type": "csv", "label": "y", "path""#
    let data = try spec(
      "{\"train\": {\(source): \"t.csv\"}, \"validation\": {\(source): \"v.csv\"}}", in: directory
    ).open(seed: 1)
    #expect(try row(try #require(data[.validation]), 0, 0) == [10, 20])
    try directory.write("new.csv", "b,a\n200,100\n")
    let reader = try #require(data.fitted.train?.reader)
    let rows = try #require(try reader.rows("new.csv", in: directory, of: ["features"]))
    #expect(try row(rows.dataset, 0, 0) == [100, 200])
    #expect(reader.columns(of: "features")?.names == ["a", "b"])
    try directory.write("new.csv", "b\n200\n")
    #expect(
      complaint(directory) { _ = try reader.rows("new.csv", in: directory, of: ["features"]) }
        .contains("new.csv has no column \"a\""))
  }

  @Test func `notes are those of all splits, each once`() throws {
    try directory.write("t.csv", ",a\n0,1\n1,3\n")
    try directory.write("v.csv", "a\n?\n" + (0..<20).map { "\($0)\n" }.joined())
    let data = try spec(
      #"""
      {"train": {"type": "csv", "path": "t.csv"},
       "validation": {"type": "csv", "path": "v.csv", "on_bad_row": "skip"},
       "test": {"type": "csv", "path": "t.csv", "slice": [0, 1]}}
      """#, in: directory
    ).open(seed: 1)
    #expect(
      data.notes.map { $0.replacing(directory.path + "/", with: "").prefix(6) }
        == ["t.csv:", "v.csv:", "1 of t"])
  }

  @Test func `what divides a file otherwise is said`() throws {
    let wrong = complaint(directory) { _ = try open("a;y\n1,5;0\n", #", "label": "y""#) }
    #expect(
      wrong == "t.csv:2: expected 1 fields as in the header, got 2; the line looks divided by "
        + #"semicolons: "separator": ";""#)
    let missing = complaint(directory) { _ = try open("a\ty\n1\t0\n", #", "label": "y""#) }
    #expect(
      missing.hasSuffix(
        "has no column \"y\" (known: a\ty); the line looks divided by tabs: "
          + #""separator": "\t""#))
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
    #"{"type": "csv", "path": "t", "separator": "\n"}"#,
    #"{"type": "csv", "path": "t", "separator": "\u00e9"}"#,
    #"{"type": "csv", "path": "t", "classes": ["a", "a"]}"#,
    #"{"type": "csv", "path": "t", "label_field": "features"}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try reader(text, in: directory) }
  }
}
