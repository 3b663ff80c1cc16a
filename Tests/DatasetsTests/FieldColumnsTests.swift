import Datasets
import TensorCore
import Testing

@Suite struct FieldColumnsTests {
  /// Columns whose numbers x become (x - 10) / 2 and (x - 20) / 4.
  private let columns = FieldColumns(
    ["a", "b"], scale: FeatureScale(mean: [10, 20], deviation: [2, 4]))

  /// Every transform that columns are known behind gives numbers that are had back as they were in the file.
  @Test(arguments: [
    #"{"type": "scale", "field": "x", "multiply": 3, "divide": 8, "add": -5}"#,
    #"{"type": "scale", "field": "x", "divide": -2}"#,
    #"{"type": "standardize", "field": "x", "mean": [3, -1], "deviation": [2, 0.5]}"#,
    #"{"type": "standardize", "field": "x", "mean": [3], "deviation": [2]}"#,
    #"{"type": "copy", "field": "x", "as": "y"}"#,
    #"{"type": "select_channels", "field": "x", "channels": [1]}"#,
    #"{"type": "select_channels", "field": "x", "channels": [1, 1, 0]}"#,
  ])
  func `numbers come back in the units of the file`(text: String) throws {
    let transform = try transform(text)
    let file: [Float] = [13, -7, 10, 4]
    let read = file.enumerated().map { ($1 - [10, 20][$0 % 2]) / [2, 4][$0 % 2] }
    let seen = try apply(transform, DataField("x", [2, 2]), read)
    let changed = try #require(transform.columns(columns))
    let names = try #require(changed.names)
    let width = names.count
    #expect(seen.count == 2 * width && changed.count == width)
    for (index, value) in seen.enumerated() {
      let column = try #require(["a", "b"].firstIndex(of: names[index % width]))
      let expected = file[index / width * 2 + column]
      #expect(abs(changed.original(value, column: index % width) - expected) < 1e-5)
    }
  }

  @Test(arguments: [
    #"{"type": "scale", "field": "x", "multiply": 0}"#,
    #"{"type": "standardize", "field": "x"}"#,
    #"{"type": "one_hot", "field": "x", "classes": 2}"#,
    #"{"type": "class_membership", "field": "x", "classes": [1]}"#,
    #"{"type": "select_channels", "field": "x", "channels": [2]}"#,
  ])
  func `what cannot be had back has no columns`(text: String) throws {
    #expect(try transform(text).columns(columns) == nil)
  }

  @Test func `noise leaves the units as they are`() throws {
    for text in [
      #"{"type": "add_noise", "field": "x", "stddev": 1}"#,
      #"{"type": "mask_noise", "field": "x"}"#,
    ] {
      #expect(try transform(text).columns(columns) == columns)
    }
  }

  @Test func `columns without names may have one scale for all`() throws {
    let scale = try transform(#"{"type": "scale", "field": "x", "divide": 10, "add": 1}"#)
    let columns = try #require(scale.columns(FieldColumns(nil)))
    #expect(columns.names == nil && columns.count == nil)
    #expect(abs(columns.original(3, column: 7) - 20) < 1e-5)
    let chosen = try transform(#"{"type": "select_channels", "field": "x", "channels": [5]}"#)
    #expect(chosen.columns(columns) == columns)
  }
}
