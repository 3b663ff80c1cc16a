import Datasets
import Formats
import Settings
import TensorCore
import Testing

@Suite struct NPYReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ x: NPYFile, _ y: NPYFile? = nil, _ more: String = "") throws -> any Dataset {
    try directory.write("x.npy", x.encoded)
    if let y { try directory.write("y.npy", y.encoded) }
    let labels = y == nil ? "" : #", "labels": "y.npy""#
    return try reader(
      #"{"type": "npy", "features": "x.npy"\#(labels)\#(more)}"#, in: directory
    ).open()
  }

  private let x = NPYFile(dimensions: [2, 2, 1], values: .doubles([1, 2, 3, 0.5]))

  @Test func `the first axis counts the rows`() throws {
    let data = try open(x, NPYFile(dimensions: [2], values: .integers([0, 4])))
    #expect(
      data.fields == [DataField("features", [2, 1]), DataField("label", [], classes: 5)])
    #expect(try row(data, 1, 0) == [3, 0.5])
    #expect(try row(data, 1, 1) == [4])
    let plain = try open(
      NPYFile(dimensions: [3], values: .bytes([7, 8, 9])), nil, #", "features_field": "image""#)
    #expect(plain.fields == [DataField("image", [])])
    #expect(try row(plain, 2, 0) == [9])
  }

  @Test func `what is wrong is named`() throws {
    #expect(
      complaint(directory) { _ = try open(x, NPYFile(dimensions: [1], values: .bytes([0]))) }
        == "y.npy: expected the extents [2], a label for each row of x.npy; got [1]")
    #expect(
      complaint(directory) {
        _ = try open(x, NPYFile(dimensions: [2], values: .floats([0, 0.5])))
      }.hasPrefix("y.npy: row 1: expected a class, a whole number from 0 to "))
    #expect(
      complaint(directory) {
        _ = try open(NPYFile(dimensions: [2, 1], values: .doubles([0, 1e39])))
      } == "x.npy: row 1: expected numbers that a Float can hold, got inf")
    #expect(
      complaint(directory) { _ = try open(NPYFile(dimensions: [], values: .floats([1]))) }
        == "x.npy: expected rows of numbers, got the extents []")
  }

  @Test(arguments: [
    #"{"type": "npy"}"#, #"{"type": "npy", "features": "x", "label_field": "features"}"#,
    #"{"type": "npy", "features": "x", "classes": 2, "class_names": ["a"]}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try reader(text, in: directory) }
  }
}
