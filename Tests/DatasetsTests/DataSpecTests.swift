import Datasets
import Formats
import Settings
import Testing

@Suite struct DataSpecTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try writeDigits(directory)
  }

  private let digits = #"""
    {"train": {"type": "idx", "images": "x.idx", "labels": "y.idx", "slice": [0, 8]},
     "validation": {"type": "idx", "images": "x.idx", "labels": "y.idx", "slice": [-2, null]},
     "test": {"type": "idx", "images": "tx.idx", "labels": "ty.idx"},
     "transforms": [{"type": "scale", "field": "image", "divide": 2},
                    {"type": "standardize", "field": "image"}]}
    """#

  @Test func `splits are cut, transformed and fitted to the training rows`() throws {
    try writeDigits(directory, count: 3, labels: [0, 1, 0], prefix: "t")
    let data = try spec(digits, in: directory).open(seed: 1)
    #expect(Split.allCases.map { data[$0]?.count } == [8, 2, 3])
    // The halves of 0...47: mean 11.75, variance (48² - 1) / 12 / 4.
    let fitted = try #require(data.fitted.transforms.last as? Standardize)
    #expect(fitted.mean == [11.75])
    #expect(abs((fitted.deviation?[0] ?? 0) - (2303.0 / 48).squareRoot()) < 1e-12)
    let validation = try #require(data[.validation])
    let expected = (Float(48) / 2 - 11.75) * Float(1 / (2303.0 / 48).squareRoot())
    #expect(try row(validation, 0, 0)[0] == expected)
    #expect(try row(validation, 1, 1) == [0])
    #expect(data[.test]?.fields[1].classes == 3)
    #expect(data.files.count == 4)
    #expect(data.fields[0].shape == [2, 3, 1])
  }

  @Test(arguments: [
    (#""slice": [0, 8]"#, #""slice": [8, null]"#, 0),
    (#""slice": [0, 8]"#, #""slice": [5, null]"#, 3),
    (#""slice": [0, 8]"#, #""select": {"classes": [0]}"#, 3),
    (#""shuffle": 1, "slice": [0, 5]"#, #""shuffle": 1, "slice": [5, null]"#, 0),
    (#""select": {"classes": [1, 2]}"#, #""select": {"classes": [0]}, "shuffle": 3"#, 0),
    (#""shuffle": 1"#, #""slice": [2, 6]"#, 4),
    (#""select": {"classes": [2]}"#, #""shuffle": 2"#, 3),
  ])
  func `rows that are trained on and validated are told of`(
    training: String, validation: String, shared: Int
  ) throws {
    let source = #""type": "idx", "images": "x.idx", "labels": "y.idx""#
    let data = try spec(
      "{\"train\": {\(source), \(training)}, \"validation\": {\(source), \(validation)}}",
      in: directory
    ).open(seed: 1)
    let count = try #require(data[.validation]?.count)
    #expect(
      data.notes
        == (shared == 0
          ? []
          : [
            "\(shared) of the \(count) rows of \"validation\" are trained on too: what is measured on them tells "
              + "nothing of other rows"
          ]))
  }

  @Test func `the fitted spec opens a split without the training data`() throws {
    try writeDigits(directory, count: 3, labels: [0, 1, 0], prefix: "t")
    let data = try spec(digits, in: directory).open(seed: 1)
    #expect(!(try spec(digits, in: directory)).isFitted)
    #expect(data.fitted.isFitted)
    var text = Problems()
    let written = try #require(DataSpec.read(data.fitted.json, at: "data", &text))
    #expect(written == data.fitted)
    try directory.write("x.idx", "gone")
    #expect(written.test?.reader.paths.map(\.text).allSatisfy { $0.hasPrefix("/") } == true)
    let again = try written.open([.test], seed: 1)
    #expect(again[.train] == nil)
    let (one, other) = (try #require(data[.test]), try #require(again[.test]))
    #expect(one.fields == other.fields)
    for index in 0..<3 { #expect(try row(one, index, 0) == row(other, index, 0)) }
  }

  @Test func `a split that is not read yet is fitted too`() throws {
    try writeDigits(directory, count: 3, labels: [0, 1, 0], prefix: "t")
    let data = try spec(digits, in: directory).open([.train], seed: 1)
    #expect(data.fitted.isFitted)
    try directory.write("x.idx", "gone")
    #expect(try data.fitted.open([.test], seed: 1)[.test]?.fields[1].classes == 3)
  }

  @Test func `the training data are read where something is to be fitted`() throws {
    try writeDigits(directory, count: 3, labels: [0, 1, 0], prefix: "t")
    let data = try spec(digits, in: directory).open([.test], seed: 1)
    #expect(data[.train] == nil)
    #expect(data[.test]?.fields[1].classes == 3)
    #expect((data.fitted.transforms.last as? Standardize)?.mean == [11.75])
  }

  @Test func `a label that the training data do not have is an error`() throws {
    try writeDigits(directory, count: 3, labels: [0, 7, 0], prefix: "t")
    #expect(
      complaint(directory) { _ = try spec(digits, in: directory).open(seed: 1) }
        == "ty.idx: row 1: expected a class, a whole number from 0 to 2, got 7")
  }

  @Test func `text classes of the training file hold for the others`() throws {
    try directory.write("a.csv", "x,y\n1,red\n2,blue\n")
    try directory.write("b.csv", "x,y\n1,red\n1,red\n")
    let data = try spec(
      #"""
      {"train": {"type": "csv", "path": "a.csv", "label": "y"},
       "test": {"type": "csv", "path": "b.csv", "label": "y"}}
      """#, in: directory
    ).open(seed: 1)
    let test = try #require(data[.test])
    #expect(test.fields[1].classNames == ["blue", "red"])
    #expect(try row(test, 0, 1) == [1])
    #expect((data.fitted.test?.reader as? CSVReader)?.classes == ["blue", "red"])
  }

  @Test func `the names of the classes need be said once`() throws {
    let data = try spec(
      #"""
      {"train": {"type": "idx", "images": "x.idx", "labels": "y.idx",
                 "class_names": ["a", "b", "c"]},
       "test": {"type": "idx", "images": "x.idx", "labels": "y.idx", "slice": [0, 2]}}
      """#, in: directory
    ).open(seed: 1)
    #expect(data[.test]?.fields[1].classNames == ["a", "b", "c"])
    #expect(data[.test]?.fields[1].classes == 3)
  }

  @Test func `a split has transforms of its own, after the common ones`() throws {
    let data = try spec(
      #"""
      {"train": {"type": "idx", "images": "x.idx",
                 "transforms": [{"type": "scale", "field": "image", "add": 1}]},
       "test": {"type": "idx", "images": "x.idx"},
       "transforms": [{"type": "scale", "field": "image", "multiply": 10}]}
      """#, in: directory
    ).open(seed: 1)
    #expect(try row(try #require(data[.train]), 0, 0) == [1, 11, 21, 31, 41, 51])
    #expect(try row(try #require(data[.test]), 0, 0) == [0, 10, 20, 30, 40, 50])
  }

  @Test func `all missing files come at once, each at its place`() throws {
    let error = #expect(throws: MissingFiles.self) {
      try spec(
        "{\"train\": {\"type\": \"idx\", \"images\": \"no.idx\", \"labels\": \"y.idx\"},\n"
          + " \"test\": {\"type\": \"csv\", \"path\": \"none.csv\"}}", in: directory
      ).open(seed: 1)
    }
    #expect(error?.problems.list.map(\.path) == ["data.train.images", "data.test.path"])
    #expect(error?.problems.list.map { $0.place?.line } == [1, 2])
  }

  @Test(arguments: ["[0, 11]", "[-11, null]", "[5, 5]", "[6, 2]", "[10, null]", "[3, -7]"])
  func `a slice beyond the file names its place`(slice: String) throws {
    let text = #"{"train": {"type": "idx", "images": "x.idx", "slice": \#(slice)}}"#
    let error = #expect(throws: Problems.self) { try spec(text, in: directory).open(seed: 1) }
    #expect(error?.list.first?.path == "data.train.slice")
    #expect(error?.list.first?.message.contains("the 10 that there are") == true)
  }

  @Test(arguments: [
    ("[0, 10]", 10), ("[-3, -1]", 2), ("[2, null]", 8), ("[0, -1]", 9), ("[-10, null]", 10),
  ])
  func `a slice counts from both ends`(slice: String, count: Int) throws {
    let text = #"{"train": {"type": "idx", "images": "x.idx", "slice": \#(slice)}}"#
    #expect(try spec(text, in: directory).open(seed: 1)[.train]?.count == count)
  }

  @Test func `splits with other fields are refused`() throws {
    try directory.write("a.csv", "x,y\n1,2\n")
    let text =
      #"{"train": {"type": "idx", "images": "x.idx"}, "test": {"type": "csv", "path": "a.csv"}}"#
    let error = #expect(throws: Problems.self) { try spec(text, in: directory).open(seed: 1) }
    #expect(error?.list.first?.path == "data.test")
  }

  @Test func `all that is wrong in the settings comes at once`() throws {
    let error = #expect(throws: Problems.self) {
      try spec(
        #"""
        {"train": {"type": "idx", "imgaes": "x.idx", "slice": [0], "transforms": [{"type": "scael"}]},
         "test": {"type": "cvs"}, "vaildation": {}, "transforms": [{"type": "scale"}, 7]}
        """#, in: directory)
    }
    #expect(
      Set(error?.list.map(\.path) ?? []) == [
        "data.train.imgaes", "data.train", "data.train.slice", "data.train.transforms[0].type",
        "data.test.type", "data.vaildation", "data.transforms[0]", "data.transforms[1]",
      ])
    #expect(throws: Problems.self) { try spec("{}", in: directory) }
    #expect(throws: Problems.self) {
      try spec(#"{"train": {"type": "idx", "images": "x", "slice": [0, 1.5]}}"#, in: directory)
    }
  }

  @Test func `the schema of a split has the keys of all readers`() throws {
    let text = "\(SplitSpec.definition)"
    for name in ["images", "slice", "transforms", "separator"] { #expect(text.contains(name)) }
    #expect(readerRegistry.types == readerRegistry.types.sorted())
  }
}
