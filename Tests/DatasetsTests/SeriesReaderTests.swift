import Datasets
import Formats
import Settings
import TensorCore
import Testing

@Suite struct SeriesReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// a counts, b is its square, c never changes.
  private func write(_ steps: Int = 8) throws {
    let lines = (0..<steps).map { "day \($0),\($0),\($0 * $0),5" }
    try directory.write("x.csv", (["date,a,b,c"] + lines).joined(separator: "\n"))
  }

  private func text(_ more: String) -> String {
    #"{"type": "series", "path": "x.csv", "columns": ["a", "b"], \#(more)}"#
  }

  private func open(_ more: String) throws -> any Dataset {
    try reader(text(more), in: directory).open()
  }

  @Test func `a window is the past and what comes of it`() throws {
    try write()
    let data = try open(#""targets": ["b"], "length": 3, "horizon": 2, "standardize": false"#)
    #expect(data.fields.map(\.name) == ["past", "future"])
    #expect(data.fields.map(\.shape) == [[3, 2], [2, 1]])
    // Of 8 steps the futures begin at 3 ... 6.
    #expect(data.count == 4)
    #expect(try row(data, 0, 0) == [0, 0, 1, 1, 2, 4])
    #expect(try row(data, 0, 1) == [9, 16])
    #expect(try row(data, 3, 0) == [3, 9, 4, 16, 5, 25])
    #expect(try row(data, 3, 1) == [36, 49])
    #expect(data.files.map(\.path) == [directory.path + "/x.csv"])
  }

  @Test func `strides, other names and the whole series`() throws {
    try write()
    let data = try open(
      #"""
      "length": 2, "horizon": 1, "stride": 3, "standardize": false, "past_field": "x",
      "future_field": "y", "series_field": "z"
      """#)
    #expect(data.fields.map(\.name) == ["x", "y", "z"])
    #expect(data.fields[2].shape == [3, 2])
    #expect(data.count == 2)
    #expect(try row(data, 1, 1) == [5, 25])
    #expect(try row(data, 1, 2) == [3, 9, 4, 16, 5, 25])
  }

  /// Rows as in the literature: the past reaches back, the future does not leave its part.
  @Test func `rows are where the future lies`() throws {
    try write(12)
    func futures(_ rows: String) throws -> [Float] {
      let data = try open(
        #""targets": ["a"], "length": 3, "horizon": 2, "standardize": false, "rows": \#(rows)"#)
      return try (0..<data.count).map { try row(data, $0, 1)[0] }
    }
    #expect(try futures("[0, 6]") == [3, 4])
    #expect(try futures("[6, 9]") == [6, 7])
    #expect(try futures("[-3, null]") == [9, 10])
  }

  @Test func `the scale is that of the training rows`() throws {
    try write(12)
    let wide = #""columns": ["a", "c"], "targets": ["c", "b", "a"], "length": 2, "horizon": 1"#
    let source = #"{"type": "series", "path": "x.csv", \#(wide), "rows": "#
    let data = try spec(
      "{\"train\": \(source)[0, 5]}, \"test\": \(source)[8, 12]}}", in: directory
    ).open(seed: 1)
    let train = try #require(data[.train])
    // Of 0 ... 4 the mean is 2 and the deviation √2; of their squares 6 and √34.8; c stays 0.
    let (root, other) = (Double(2).squareRoot(), Double(34.8).squareRoot())
    #expect(data.fields[0].scale == FeatureScale(mean: [2, 5], deviation: [root, 1]))
    #expect(
      data.fields[1].scale == FeatureScale(mean: [5, 6, 2], deviation: [1, other, root]))
    #expect(try row(train, 0, 0) == [Float(-2 / root), 0, Float(-1 / root), 0])
    let test = try #require(data[.test])
    #expect(try row(test, 0, 1) == [0, Float((64 - 6) / other), Float((8 - 2) / root)])
    // The checkpoint's reader needs no training data.
    let fitted = try #require(data.fitted[.test]?.reader)
    #expect(fitted.isFitted)
    let again = try reader(fitted.typedJSON.text(), in: directory).open()
    #expect(try row(again, 1, 1) == row(test, 1, 1))
  }

  @Test func `a transform ends the scale`() throws {
    try write()
    let data = try spec(
      #"{"train": \#(text(#""length": 2, "horizon": 1"#)), "#
        + #""transforms": [{"type": "scale", "field": "past", "multiply": 2}]}"#, in: directory
    ).open(seed: 1)
    #expect(data.fields.map { $0.scale == nil } == [true, false])
  }

  @Test(arguments: [
    (
      8, #""length": 7, "horizon": 2"#,
      "expected rows for a past of 7 steps and a future of 2, got 8 rows, 8 of them for the future"
    ),
    (8, #""length": 2, "horizon": 2, "rows": [3, 4]"#, "got 4 rows, 1 of them for the future"),
    (
      8, #""length": 2, "horizon": 2, "rows": [3, 9]"#,
      "expected rows within the 8 that there are, got [3, 9]"
    ),
    (
      8, #""length": 2, "horizon": 2, "targets": ["bb"]"#,
      "has no column \"bb\" (did you mean \"b\"?)"
    ),
    (
      8, #""length": 2, "horizon": 2, "targets": ["date"]"#,
      "x.csv:2: expected a number in the column \"date\", got \"day 0\""
    ),
    (0, #""length": 2, "horizon": 2"#, "expected rows behind the header, got none"),
    (
      8, #""length": 2, "horizon": 2, "separator": ";""#,
      #"; the line looks divided by commas: "separator": ",""#
    ),
  ])
  func `what is wrong in a file is said`(steps: Int, more: String, message: String) throws {
    try write(steps)
    #expect(complaint(directory) { _ = try open(more) }.contains(message))
  }

  @Test(arguments: [
    (#""length": 0, "horizon": 1"#, "length"),
    (#""length": 1, "horizon": 1, "targets": []"#, "not empty"),
    (#""length": 1, "horizon": 1, "future_field": "past""#, "the same name"),
    (#""length": 1, "horizon": 1, "mean": [1, 2]"#, "go together"),
    (#""length": 1, "horizon": 1, "mean": [1], "deviation": [1, 2]"#, "must have 2 numbers"),
    (#""length": 1, "horizon": 1, "mean": [1, 2], "deviation": [1, 0]"#, "each above 0"),
    (
      #""length": 1, "horizon": 1, "mean": [1, 2], "deviation": [1, 1], "standardize": false"#,
      "have no use"
    ),
  ])
  func `wrong settings are named`(more: String, message: String) {
    #expect(
      complaint(directory) { _ = try reader(text(more), in: directory) }.contains(message))
  }

  @Test func `windows of another file need no future`() throws {
    let standards = #""mean": [1, 0, 10], "deviation": [2, 1, 4]"#
    let reader = try reader(
      text(
        #""targets": ["b", "c"], "length": 3, "horizon": 2, "stride": 2, "rows": [4, 8], \#(standards)"#
      ),
      in: directory)
    try directory.write("y.csv", "b,a\n" + (0..<6).map { "\($0 * 10),\($0)\n" }.joined())
    let data = try #require(try reader.rows("y.csv", in: directory, of: ["past"])).dataset
    #expect(data.fields.map(\.name) == ["past"])
    #expect(data.fields[0].shape == [3, 2])
    // The last past ends with the file, the others every two steps before.
    #expect(data.count == 2)
    #expect(try row(data, 0, 0) == [0, 10, 0.5, 20, 1, 30])
    #expect(try row(data, 1, 0) == [1, 30, 1.5, 40, 2, 50])
    try directory.write("short.csv", "a,b\n1,2\n1,2\n")
    #expect(
      complaint(directory) { _ = try reader.rows("short.csv", in: directory, of: ["past"]) }
        == "short.csv: expected rows for a past of 3 steps, got 2")
    #expect(
      complaint(directory) {
        _ = try reader.rows("y.csv", in: directory, of: ["past", "future"])
      }.contains("y.csv has no column \"c\""))
    try write()
    let both = try #require(
      try reader.rows("x.csv", in: directory, of: ["past", "future"])
    ).dataset
    #expect(both.count == 2)
    #expect(try row(both, 0, 1) == [9, -1.25, 16, -1.25])
    #expect(try reader.rows("x.npy", in: directory, of: ["past"]) == nil)
    #expect(
      reader.columns(of: "future")
        == FieldColumns(["b", "c"], scale: FeatureScale(mean: [0, 10], deviation: [1, 4])))
    #expect(
      reader.columns(of: "past")
        == FieldColumns(["a", "b"], scale: FeatureScale(mean: [1, 0], deviation: [2, 1])))
  }

  @Test func `numbers that are not standardised are those of the file`() throws {
    let reader = try reader(
      text(#""length": 2, "horizon": 1, "standardize": false, "series_field": "all""#),
      in: directory)
    for field in ["past", "future", "all"] {
      #expect(reader.columns(of: field) == FieldColumns(["a", "b"]))
    }
    #expect(reader.columns(of: "b") == nil)
  }
}
