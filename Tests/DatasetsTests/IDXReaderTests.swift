import Datasets
import Formats
import Settings
import TensorCore
import Testing

@Suite struct IDXReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ more: String = "") throws -> any Dataset {
    try reader(
      #"{"type": "idx", "images": "x.idx", "labels": "y.idx"\#(more)}"#, in: directory
    ).open()
  }

  @Test func `images get a channel and labels their classes`() throws {
    try writeDigits(directory)
    let data = try open()
    #expect(data.count == 10)
    #expect(
      data.fields == [DataField("image", [2, 3, 1]), DataField("label", [], classes: 3)])
    #expect(try row(data, 2, 0) == [12, 13, 14, 15, 16, 17])
    #expect(try (0..<4).map { try row(data, $0, 1) } == [[0], [1], [2], [0]])
  }

  @Test func `names and classes can be given`() throws {
    try writeDigits(directory)
    let data = try open(
      #", "image": "picture", "label": "digit", "class_names": ["a", "b", "c", "d"]"#)
    #expect(data.fields.map(\.name) == ["picture", "digit"])
    #expect(data.fields[1].classes == 4)
    #expect(data.fields[1].classNames == ["a", "b", "c", "d"])
    #expect(try open(#", "classes": 10"#).fields[1].classes == 10)
  }

  @Test func `files may be gzipped, and are known by what lies on the disk`() throws {
    try writeDigits(directory)
    let plain = try FileBytes.read(directory.path + "/x.idx")
    try directory.write("x.idx", try Gzip.compress(plain, file: "x.idx"))
    let data = try open()
    #expect(try row(data, 9, 0) == [54, 55, 56, 57, 58, 59])
    let path = directory.path + "/x.idx"
    #expect(data.files.map(\.path) == [path, directory.path + "/y.idx"])
    #expect(data.files[0].sha256 == (try SHA256.hexadecimal(ofFile: path)))
    #expect(data.files[0].size == (try FileBytes.read(path)).count)
  }

  @Test(arguments: [
    ([4], []), ([4, 5], [5]), ([4, 2, 3], [2, 3, 1]), ([4, 2, 3, 3], [2, 3, 3]),
    ([4, 1, 2, 3, 2], [1, 2, 3, 2]),
  ])
  func `other ranks keep their axes`(dimensions: [Int], shape: [Int]) throws {
    let count = dimensions.reduce(1, *)
    let file = IDXFile(
      dimensions: dimensions, values: .floats((0..<count).map { Float($0) / 2 }))
    try directory.write("x.idx", file.encoded)
    let data = try reader(#"{"type": "idx", "images": "x.idx"}"#, in: directory).open()
    #expect(data.fields == [DataField("image", Shape(shape))])
    let extent = count / 4
    #expect(try row(data, 3, 0) == (3 * extent..<4 * extent).map { Float($0) / 2 })
  }

  @Test func `labels beyond the classes name their row`() throws {
    try writeDigits(directory, labels: [0, 1, 2, 0, 1, 12, 0, 1, 2, 0])
    #expect(
      complaint(directory) { _ = try open(#", "classes": 10"#) }
        == "y.idx: row 5: expected a class, a whole number from 0 to 9, got 12")
    #expect(try open().fields[1].classes == 13)
  }

  @Test(arguments: [
    IDXValues.floats([0, 1, 1.5, 2]), .floats([0, 1, -1, 2]), .floats([0, 1, .nan, 2]),
    .doubles([0, 1, 1e300, 2]), .integers([0, 1, -3, 2]), .integers([0, 1, 1 << 24, 2]),
  ])
  func `labels that are no classes name their row`(values: IDXValues) throws {
    try writeDigits(directory, count: 4)
    try directory.write("y.idx", IDXFile(dimensions: [4], values: values).encoded)
    #expect(
      complaint(directory) { _ = try open() }.hasPrefix(
        "y.idx: row 2: expected a class, a whole number from 0 to 16777215, got "))
  }

  @Test(arguments: [
    IDXValues.floats([0, 1, 2, 3, .nan, 5]), .floats([0, 1, 2, 3, 4, .infinity]),
    .doubles([0, 1, 2, 3, 4, 1e39]),
  ])
  func `numbers that no Float holds name their row`(values: IDXValues) throws {
    try directory.write("x.idx", IDXFile(dimensions: [3, 2], values: values).encoded)
    let message = complaint(directory) {
      _ = try reader(#"{"type": "idx", "images": "x.idx"}"#, in: directory).open()
    }
    #expect(message.hasPrefix("x.idx: row 2: expected numbers that a Float can hold, got "))
  }

  @Test func `hostile files are refused`() throws {
    try writeDigits(directory, labels: [0, 1])
    #expect(
      complaint(directory) { _ = try open() }
        == "y.idx: expected 10 labels, as many as x.idx has images; got 2")
    try directory.write(
      "y.idx", IDXFile(dimensions: [10, 1], values: .bytes(.init(repeating: 0, count: 10))).encoded)
    #expect(complaint(directory) { _ = try open() }.hasPrefix("y.idx: expected one label a row"))
    try directory.write("x.idx", IDXFile(dimensions: [0, 2, 3], values: .bytes([])).encoded)
    #expect(
      complaint(directory) { _ = try open() }
        == "x.idx: expected at least one image, got none")
    try directory.write("x.idx", IDXFile(dimensions: [5, 0, 3], values: .bytes([])).encoded)
    #expect(complaint(directory) { _ = try open() }.hasPrefix("x.idx: expected images with pixels"))
    try directory.write("x.idx", "")
    #expect(complaint(directory) { _ = try open() }.hasPrefix("x.idx: "))
    try directory.write(
      "x.idx", [0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0])
    #expect(throws: FormatError.self) { try open() }
    try directory.write("x.idx", [0x1F, 0x8B, 8, 0, 0])
    #expect(throws: FormatError.self) { try open() }
  }

  @Test(arguments: [
    #"{"type": "idx"}"#, #"{"type": "idx", "images": ""}"#,
    #"{"type": "idx", "images": "x", "image": "a", "label": "a"}"#,
    #"{"type": "idx", "images": "x", "classes": 2, "class_names": ["a"]}"#,
    #"{"type": "idx", "images": "x", "classes": 0}"#, #"{"type": "idx", "imgaes": "x"}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try reader(text, in: directory) }
  }
}
