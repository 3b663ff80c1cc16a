import Datasets
import Settings
import Testing

@Suite struct ClassSelectionTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try writeDigits(directory)
  }

  private func spec(_ selection: String) throws -> DataSpec {
    try DatasetsTests.spec(
      #"""
      {"train": {"type": "idx", "images": "x.idx", "labels": "y.idx", \#(selection)},
       "test": {"type": "idx", "images": "x.idx", "labels": "y.idx"}}
      """#, in: directory)
  }

  @Test func `a split takes the rows of some classes, then a slice of them`() throws {
    let digits = try spec(#""select": {"classes": [0, 2]}, "slice": [1, -1]"#)
    let data = try digits.open(seed: 1)
    let train = try #require(data[.train])
    // The labels are 0, 1, 2, 0, ..., so the rows 0, 2, 3, 5, 6, 8, 9 are chosen.
    #expect(try (0..<train.count).map { try row(train, $0, 0)[0] / 6 } == [2, 3, 5, 6, 8])
    #expect(train.fields[1].classes == 3)
    #expect(data[.test]?.count == 10)
    #expect(try DataSpec.read(data.fitted.json)?.train == data.fitted.train)
  }

  @Test func `slices of one random order do not overlap and leave nothing out`() throws {
    func rows(_ settings: String) throws -> [Float] {
      let train = try #require(try spec(settings).open(seed: 1)[.train])
      return try (0..<train.count).map { try row(train, $0, 0)[0] / 6 }
    }
    let first = try rows(#""shuffle": 3, "slice": [0, 6]"#)
    let second = try rows(#""shuffle": 3, "slice": [6, null]"#)
    #expect(first != [0, 1, 2, 3, 4, 5])
    #expect((first + second).sorted() == (0..<10).map(Float.init))
    #expect(try rows(#""shuffle": 4"#) != first + second)
    // Those that are selected are shuffled among themselves, and a checkpoint knows how.
    #expect(
      try rows(#""select": {"classes": [0, 2]}, "shuffle": 3"#).sorted() == [0, 2, 3, 5, 6, 8, 9])
    let data = try spec(#""shuffle": 3"#).open(seed: 1)
    #expect(try DataSpec.read(data.fitted.json)?.train == data.fitted.train)
  }

  @Test(arguments: [
    (#""select": {"classes": [3]}"#, "data.train.select.classes[0]: expected a class of"),
    (#""select": {"classes": ["x"]}"#, "the classes of \"label\" have no names; got \"x\""),
    (#""select": {"field": "lable", "classes": [1]}"#, "did you mean \"label\"?"),
    (#""select": {"field": "image", "classes": [1]}"#, "expected a field of classes"),
    (
      #""select": {"classes": [1]}, "slice": [0, 4]"#,
      "expected rows within the 3 that there are, got [0, 4]"
    ),
  ])
  func `what there is not is named`(selection: String, message: String) throws {
    let text = complaint(directory) { _ = try spec(selection).open(seed: 1) }
    #expect(text.contains(message), "\(text)")
    #expect(text.hasPrefix("config.json:1:"))
  }

  @Test func `a class without a row is an error`() throws {
    try writeDigits(directory, labels: [0, 0, 0, 0, 0, 2, 0, 0, 0, 0])
    #expect(
      complaint(directory) { _ = try spec(#""select": {"classes": [1]}"#).open(seed: 1) }
        .hasSuffix("no row of \"label\" is of the classes chosen"))
  }
}

extension DataSpec {
  fileprivate static func read(_ json: JSON) throws -> DataSpec? {
    var problems = Problems()
    defer { #expect(problems.isEmpty) }
    return read(json, at: "data", &problems)
  }
}
