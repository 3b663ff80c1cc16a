import Datasets
import Settings
import TensorCore
import Testing

/// Transforms that change the form of images.
@Suite struct ImageTransformTests {
  @Test func `grey is the luma`() throws {
    let grey = try transform(#"{"type": "grayscale", "field": "image"}"#)
    let values = try apply(grey, DataField("image", [1, 3, 3]), [1, 0, 0, 0, 1, 0, 1, 2, 4])
    #expect(values == [0.299, 0.587, 0.299 + 0.587 * 2 + 0.114 * 4])
  }

  @Test func `channels are kept in the order given`() throws {
    let swap = try transform(
      #"{"type": "select_channels", "field": "x", "channels": [2, 0, 2, 1]}"#)
    let field = DataField("x", [2, 3])
    #expect(try apply(swap, field, [1, 2, 3, 4, 5, 6]) == [3, 1, 3, 2, 6, 4, 6, 5])
    let one = try transform(#"{"type": "select_channels", "field": "x", "channels": [1]}"#)
    #expect(try apply(one, field, [1, 2, 3, 4, 5, 6]) == [2, 5])
  }

  /// Pillow 13's BILINEAR of the squares of 0..<12 as 3 x 4 pixels.
  @Test(arguments: [
    ([2, 2], [9.1429, 18.5714, 56.2857, 81.4286]), ([1, 1], [40.4762]),
    (
      [5, 6],
      [
        0, 0.5, 1.5, 3.5, 6.5, 9, 6.4, 8.5, 11.6333, 15.7667, 20.9, 25, 16, 20.5, 26.8333, 34.1667,
        42.5, 49, 44.8, 51.7, 61.2333, 71.7667, 83.3, 92.2, 64, 72.5, 84.1667, 96.8333, 110.5, 121,
      ]
    ),
  ])
  func `a new size is that of Pillow, in each channel`(size: [Int], expected: [Double]) throws {
    let resize = try transform(#"{"type": "resize", "field": "image", "size": \#(size)}"#)
    let source = (0..<12).flatMap { [Float($0 * $0), Float(-2 * $0 * $0)] }
    let values = try apply(resize, DataField("image", [3, 4, 2]), source)
    try #require(values.count == 2 * expected.count)
    for (index, number) in expected.enumerated() {
      #expect(abs(Double(values[2 * index]) - number) < 1e-3)
      #expect(abs(Double(values[2 * index + 1]) + 2 * number) < 2e-3)
    }
  }

  @Test func `the same size is the same image`() throws {
    let resize = try transform(#"{"type": "resize", "field": "image", "size": [2, 3]}"#)
    #expect(
      try apply(resize, DataField("image", [2, 3, 1]), [5, 1, 4, 2, 9, 0]) == [5, 1, 4, 2, 9, 0])
  }

  @Test func `a crop is the middle, or in training any part`() throws {
    let field = DataField("image", [4, 5, 1])
    let source = (0..<20).map(Float.init)
    let middle = try transform(#"{"type": "crop", "field": "image", "size": [2, 3]}"#)
    #expect(try apply(middle, field, source) == [6, 7, 8, 11, 12, 13])
    #expect(try apply(middle, field, source, isTraining: true) == [6, 7, 8, 11, 12, 13])
    let random = try transform(
      #"{"type": "crop", "field": "image", "size": [2, 3], "random": true}"#)
    #expect(try apply(random, field, source) == [6, 7, 8, 11, 12, 13])
    var seen: Set<Float> = []
    for row in 0..<200 {
      let part = try apply(random, field, source, row: row, isTraining: true)
      let first = part[0]
      #expect(part == [0, 1, 2, 5, 6, 7].map { $0 + first })
      seen.insert(first)
    }
    #expect(seen == [0, 1, 2, 5, 6, 7, 10, 11, 12])
  }

  @Test(arguments: [
    (#"{"type": "grayscale", "field": "image"}"#, "expected images of 3 channels"),
    (#"{"type": "grayscale", "field": "label"}"#, "expected images [H, W, C]"),
    (#"{"type": "resize", "field": "label", "size": [2, 2]}"#, "expected images [H, W, C]"),
    (#"{"type": "crop", "field": "image", "size": [5, 2]}"#, "a part of 5 x 2 pixels"),
    (#"{"type": "select_channels", "field": "image", "channels": [2]}"#, "channels below 2"),
    (#"{"type": "select_channels", "field": "label", "channels": [0]}"#, "channels below 1"),
  ])
  func `a field that does not suit is named`(text: String, message: String) throws {
    let data = MemoryDataset(
      count: 1,
      [
        (DataField("image", [4, 4, 2]), .bytes(.init(repeating: 0, count: 32))),
        (DataField("label", []), .floats([0])),
      ])
    let error = #expect(throws: Problems.self) { try Pipeline(data, [try transform(text)]) }
    #expect(error?.list.first?.path == "t.field")
    #expect(error?.description.contains(message) == true)
  }

  @Test(arguments: [
    #"{"type": "resize", "field": "x"}"#, #"{"type": "resize", "field": "x", "size": [0, 1]}"#,
    #"{"type": "resize", "field": "x", "size": [1]}"#,
    #"{"type": "crop", "field": "x", "size": [1, 1000000]}"#,
    #"{"type": "select_channels", "field": "x", "channels": []}"#,
    #"{"type": "select_channels", "field": "x", "channels": [-1]}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try transform(text) }
  }
}
