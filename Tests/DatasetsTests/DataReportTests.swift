import Datasets
import Formats
import Settings
import Testing

/// What is told of data before anything is trained on them.
@Suite struct DataReportTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func report(_ text: String) throws -> DataReport {
    try DataReport(try spec(text, in: directory).open([.train, .validation], seed: 1))
  }

  @Test func `classes are counted and numbers measured as the network gets them`() throws {
    try writeDigits(directory, count: 10)
    try writeDigits(directory, count: 3, labels: [2, 2, 0], prefix: "v")
    let report = try report(
      #"""
      {"train": {"type": "idx", "images": "x.idx", "labels": "y.idx", "classes": 3},
       "validation": {"type": "idx", "images": "vx.idx", "labels": "vy.idx", "classes": 3},
       "transforms": [{"type": "scale", "field": "image", "multiply": 0.5},
         {"type": "one_hot", "field": "label"}]}
      """#)
    #expect(report.splits.map(\.split) == [.train, .validation])
    #expect(report.splits.map(\.count) == [10, 3])
    // The labels are vectors by now.
    #expect(report.splits[0].classes.map(\.field) == ["label"])
    #expect(report.splits[0].classes[0].counts == [4, 3, 3])
    #expect(report.splits[1].classes[0].counts == [1, 0, 2])
    let image = try #require(report.splits[0].numbers.first)
    #expect(image.field == "image")
    #expect(image.rows == 10)
    let finite = try #require(image.finite)
    #expect(finite.minimum == 0 && finite.maximum == 29.5 && finite.mean == 14.75)
    #expect(image.notFinite == 0)
    #expect(
      report.notes == [#"validation: no row is of 1 of the 3 classes of "label": "1""#])
    #expect(
      report.json.text() == #"""
        {"train": {"rows": 10, "classes": {"label": {"0": 4, "1": 3, "2": 3}}, \#
        "numbers": {"image": {"rows": 10, "min": 0.0, "max": 29.5, "mean": 14.75}}}, \#
        "validation": {"rows": 3, "classes": {"label": {"0": 1, "1": 0, "2": 2}}, \#
        "numbers": {"image": {"rows": 3, "min": 0.0, "max": 8.5, "mean": 4.25}}}}
        """#)
  }

  @Test func `numbers are those of the first thousand rows, and of fewer that are large`() throws {
    try directory.write("x.csv", "x\n" + (0..<1500).map { "\($0)\n" }.joined())
    let rows = try report(#"{"train": {"type": "csv", "path": "x.csv"}}"#).splits[0]
    #expect(rows.count == 1500)
    #expect(rows.numbers[0].rows == 1000)
    let finite = try #require(rows.numbers[0].finite)
    #expect(finite.minimum == 0 && finite.maximum == 999 && finite.mean == 499.5)
    try directory.write(
      "large.npy",
      NPYFile(dimensions: [3, 700_000], values: .bytes([UInt8](repeating: 1, count: 2_100_000)))
        .encoded)
    let large = try report(#"{"train": {"type": "npy", "features": "large.npy"}}"#).splits[0]
    #expect(large.numbers[0].rows == 1)
    for number in 0..<12 { try directory.write("set/a/\(number).png", RasterImage.plain([9])) }
    for (place, rows) in [("true", 12), ("false", 10)] {
      let pictures = try report(
        #"{"train": {"type": "image_folder", "path": "set", "in_memory": \#(place)}}"#
      ).splits[0]
      #expect(pictures.numbers[0].rows == rows)
      #expect(pictures.classes[0].counts == [12])
    }
  }

  @Test func `identifiers are not counted as classes`() throws {
    try writeDigits(directory, count: 2)
    for largest in [32_767, 32_768] {
      try directory.write(
        "y.idx",
        IDXFile(dimensions: [2], values: .integers([0, Int32(largest)])).encoded)
      let rows = try report(
        #"{"train": {"type": "idx", "images": "x.idx", "labels": "y.idx"}}"#
      ).splits[0]
      #expect(rows.classes.map(\.counts.count) == (largest == 32_767 ? [32_768] : []))
      #expect(rows.numbers.map(\.field) == ["image"])
    }
  }

  @Test func `columns that a reader chose are told`() throws {
    try directory.write("x.csv", ",b,a,kind\n0,1,2,u\n1,3,4,v\n")
    let all = try report(#"{"train": {"type": "csv", "path": "x.csv", "label": "kind"}}"#)
    #expect(all.splits[0].columns == ["features": ["b", "a"]])
    #expect(all.json["train"]?["columns"]?.text() == #"{"features": ["b", "a"]}"#)
    let named = try report(
      #"{"train": {"type": "csv", "path": "x.csv", "label": "kind", "features": ["a"]}}"#)
    #expect(named.splits[0].columns.isEmpty)
  }

  /// Files of two rows whose labels are given, by reader.
  private func labelled(_ kind: String, _ first: String, _ second: String) throws -> String {
    switch kind {
    case "csv":
      try directory.write("x.csv", "x,y\n1,\"\(first)\"\n2,\"\(second)\"\n")
      return #"{"type": "csv", "path": "x.csv", "label": "y"}"#
    case "table":
      try directory.write("x.tsv", "x\ty\n1\t\(first)\n2\t\(second)\n")
      return
        #"{"type": "table", "path": "x.tsv", "texts": {}, "classes": {"label": {"column": "y"}}, "numbers": {"x": {}}}"#
    case "image_folder":
      try directory.write("set/\(first)/1.png", RasterImage.plain([1]))
      try directory.write("set/\(second)/2.png", RasterImage.plain([2]))
      return #"{"type": "image_folder", "path": "set"}"#
    case "columns":
      try directory.write("x.txt", "1,\(first)\n2,\(second)\n")
      return #"{"type": "columns", "path": "x.txt", "label_column": 1, "separator": ","}"#
    default:
      try directory.write("1.png", RasterImage.plain([1]))
      try directory.write("list.txt", "1.png\t\(first)\n1.png\t\(second)\n")
      return #"{"type": "image_list", "path": "list.txt"}"#
    }
  }

  @Test(arguments: [
    ("csv", "cat", "cat ", true), ("csv", " cat", "Cat", true), ("csv", "cat", "dog", false),
    ("csv", "a b", "a  b", true), ("csv", "\u{E9}t\u{E9}", "e\u{301}te\u{301}", true),
    // Letters may be classes of their own in either case.
    ("csv", "a", "A", false), ("csv", "a", "a ", true), ("csv", "ab", "a b", false),
    ("table", "cat", "cat ", true), ("table", "cat", "dog", false),
    ("image_folder", "cat", "cat ", true), ("image_folder", "Cat", "cat", true),
    ("image_list", "cat", "Cat", true), ("image_list", "cat", "dog", false),
    ("columns", "cat", "CAT", true), ("columns", "cat", "dog", false),
  ])
  func `names that look alike are noted`(
    kind: String, first: String, second: String, isNoted: Bool
  ) throws {
    let report = try report(#"{"train": \#(try labelled(kind, first, second))}"#)
    #expect(report.splits[0].classes[0].counts == [1, 1])
    #expect(report.notes.count == (isNoted ? 1 : 0), "\(report.notes)")
    for note in report.notes {
      #expect(note.hasPrefix(#"classes of "label" differ only by spaces, case"#))
      #expect(note.contains("\"\(first)\"") && note.contains("\"\(second)\""), "\(note)")
    }
  }

  @Test func `classes without a row are noted unless they were not chosen`() throws {
    try directory.write("set/1/a.png", RasterImage.plain([1]))
    try directory.write("set/3/a.png", RasterImage.plain([1]))
    let folder = #""type": "image_folder", "path": "set""#
    #expect(
      try report("{\"train\": {\(folder)}}").notes == [
        #"train: no row is of 2 of the 4 classes of "label": "0", "2""#
      ])
    #expect(
      try report("{\"train\": {\(folder), \"select\": {\"classes\": [1]}}}").notes.isEmpty)
  }

  @Test func `tokens are neither classes nor numbers`() throws {
    try directory.write("x.tsv", "t\ty\na b\tu\nB A\tv\n")
    let rows = try report(
      #"{"train": {"type": "table", "path": "x.tsv", "texts": {"t": {"length": 3}}, "classes": {"y": {}}}}"#
    ).splits[0]
    #expect(rows.classes.map(\.field) == ["y"])
    #expect(rows.numbers.isEmpty)
  }
}
