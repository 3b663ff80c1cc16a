import Datasets
import Settings
import TensorCore
import Testing

@Suite struct TransformTests {
  private let image = DataField("image", [2, 3, 1])

  @Test func `scale multiplies and adds`() throws {
    let scale = try transform(#"{"type": "scale", "field": "image", "divide": 2, "add": -1}"#)
    #expect(try apply(scale, image, [0, 1, 2, 3, 4, 255]) == [-1, -0.5, 0, 0.5, 1, 126.5])
    let other = try transform(#"{"type": "scale", "field": "image", "multiply": 3}"#)
    #expect(try apply(other, image, [0, 1, 2, 3, 4, 5]) == [0, 3, 6, 9, 12, 15])
  }

  @Test func `standardize takes given statistics, for each channel or one for all`() throws {
    let each = try transform(
      #"{"type": "standardize", "field": "x", "mean": [1, 2], "deviation": [2, 4]}"#)
    let field = DataField("x", [2, 1, 2])
    #expect(try apply(each, field, [1, 2, 3, 6]) == [0, 0, 1, 1])
    let one = try transform(
      #"{"type": "standardize", "field": "x", "mean": [1], "deviation": [2]}"#)
    #expect(try apply(one, field, [1, 3, 5, 7]) == [0, 1, 2, 3])
    #expect(try apply(one, DataField("x", [3, 1]), [1, 3, 5]) == [0, 1, 2])
  }

  @Test func `standardize learns the statistics of each feature`() throws {
    // By hand: feature 0 is 1, 2, 6 (mean 3, variance 14/3); feature 1 never changes.
    let data = MemoryDataset(count: 3, [(DataField("x", [2]), .floats([1, 5, 2, 5, 6, 5]))])
    let fitted = try transform(#"{"type": "standardize", "field": "x"}"#).fitted(to: data, field: 0)
    let standardize = try #require(fitted as? Standardize)
    #expect(standardize.mean == [3, 5])
    #expect(standardize.deviation == [(14.0 / 3).squareRoot(), 1])
    #expect(standardize.isFitted)
    let rows = try (0..<3).map { try row(try Pipeline(data, [standardize]), $0, 0) }
    #expect(rows.map { $0[1] } == [0, 0, 0])
    #expect(abs(rows.map { $0[0] }.reduce(0, +)) < 1e-6)
    #expect(abs(rows.map { $0[0] * $0[0] }.reduce(0, +) - 3) < 1e-5)
  }

  @Test func `standardize keeps its precision far from zero`() throws {
    let values = (0..<1000).map { Float(1_000_000 + $0 % 2) }
    let data = MemoryDataset(count: 1000, [(DataField("x", [1]), .floats(values))])
    let fitted = try Standardize.named("x").fitted(to: data, field: 0)
    #expect(fitted.mean == [1_000_000.5])
    #expect(fitted.deviation == [0.5])
  }

  @Test func `a feature that never changes keeps its scale`() throws {
    let values = [Float](repeating: 0.1, count: 1000)
    let data = MemoryDataset(count: 1000, [(DataField("x", [1]), .floats(values))])
    #expect(try Standardize.named("x").fitted(to: data, field: 0).deviation == [1])
    let zeros = MemoryDataset(count: 2, [(DataField("x", [1]), .floats([0, 0]))])
    #expect(try Standardize.named("x").fitted(to: zeros, field: 0).deviation == [1])
  }

  @Test func `one-hot has a one at the class`() throws {
    let label = DataField("label", [], classes: 3, classNames: ["a", "b", "c"])
    let oneHot = try transform(#"{"type": "one_hot", "field": "label"}"#)
    #expect(try apply(oneHot, label, [1]) == [0, 1, 0])
    let output = try oneHot.bound(to: label, random: RandomStream(seed: 0, stream: 0)).output
    #expect(
      output
        == DataField("label", [3], classes: 3, classNames: ["a", "b", "c"], isOneHot: true))
    let wide = try transform(#"{"type": "one_hot", "field": "label", "classes": 5}"#)
    #expect(try apply(wide, label, [2]) == [0, 0, 1, 0, 0])
  }

  @Test(arguments: [3, -1, 0.5, Float.nan, .infinity])
  func `one-hot refuses what is no class`(value: Float) throws {
    let oneHot = try transform(#"{"type": "one_hot", "field": "label", "classes": 3}"#)
    #expect(throws: DataError.self) { try apply(oneHot, DataField("label", []), [value]) }
  }

  @Test func `a shift moves the image and fills`() throws {
    let shift = try transform(
      #"{"type": "random_shift", "field": "image", "pixels": 2, "fill": -9}"#)
    let field = DataField("image", [3, 4, 2])
    let source = (0..<24).map(Float.init)
    var seen: Set<[Int]> = []
    for row in 0..<200 {
      let moved = try apply(shift, field, source, row: row, isTraining: true)
      // Which shift it was is told by looking: every result is one of the 25.
      let match = moves(upTo: 2).filter { shifted(source, field.shape, $0[0], $0[1], -9) == moved }
      try #require(match.count == 1)
      seen.insert(match[0])
    }
    #expect(seen.count == 25)
    #expect(try apply(shift, field, source) == source)
  }

  @Test func `a flip mirrors the image`() throws {
    let field = DataField("image", [2, 3, 2])
    let source = (0..<12).map(Float.init)
    let across: [Float] = [4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7]
    let down: [Float] = [6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5]
    let always = try transform(#"{"type": "random_flip", "field": "image", "probability": 1}"#)
    #expect(try apply(always, field, source, isTraining: true) == across)
    #expect(try apply(always, field, source) == source)
    let vertical = try transform(
      #"""
      {"type": "random_flip", "field": "image", "probability": 1, "horizontal": false,
       "vertical": true}
      """#)
    #expect(try apply(vertical, field, source, isTraining: true) == down)
    let both = try transform(#"{"type": "random_flip", "field": "image", "vertical": true}"#)
    let turned: [Float] = [10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1]
    let seen = try Set((0..<100).map { try apply(both, field, source, row: $0, isTraining: true) })
    #expect(seen == [source, across, down, turned])
    let never = try transform(#"{"type": "random_flip", "field": "image", "probability": 0}"#)
    for row in 0..<50 {
      #expect(try apply(never, field, source, row: row, isTraining: true) == source)
    }
  }

  @Test(arguments: [
    #"{"type": "random_shift", "field": "image", "pixels": 2}"#,
    #"{"type": "standardize", "field": "image", "mean": [1, 2], "deviation": [1, 2]}"#,
    #"{"type": "standardize", "field": "image"}"#,
    #"{"type": "spell", "field": "image"}"#, #"{"type": "spell", "field": "plain"}"#,
    #"{"type": "spell", "field": "label", "words": ["a", "b"]}"#,
    #"{"type": "one_hot", "field": "image"}"#,
    #"{"type": "one_hot", "field": "label", "classes": 2}"#,
    #"{"type": "one_hot", "field": "plain"}"#,
    #"{"type": "random_flip", "field": "label"}"#,
    #"{"type": "scale", "field": "imgae"}"#,
  ])
  func `a transform that does not suit its field says where`(text: String) throws {
    let data = MemoryDataset(
      count: 1,
      [
        (image, .bytes([0, 0, 0, 0, 0, 0])), (DataField("label", [], classes: 3), .bytes([0])),
        (DataField("plain", []), .floats([0])),
      ])
    let error = #expect(throws: Problems.self) { try Pipeline(data, [try transform(text)]) }
    #expect(error?.list.count == 1)
    #expect(error?.list.first?.place?.file == "test.json")
    #expect(error?.list.first?.path == "t.field")
  }

  @Test(arguments: [
    #"{"type": "scale"}"#, #"{"type": "scale", "field": ""}"#,
    #"{"type": "scale", "field": "x", "divide": 0}"#,
    #"{"type": "standardize", "field": "x", "mean": [1]}"#,
    #"{"type": "standardize", "field": "x", "mean": [], "deviation": []}"#,
    #"{"type": "standardize", "field": "x", "mean": [1], "deviation": [0]}"#,
    #"{"type": "random_flip", "field": "x", "horizontal": false}"#,
    #"{"type": "random_flip", "field": "x", "probability": 1.5}"#,
    #"{"type": "random_shift", "field": "x", "pixels": 0}"#,
    #"{"type": "one_hot", "field": "x", "classes": 0}"#,
  ])
  func `wrong settings are refused`(text: String) throws {
    #expect(throws: Problems.self) { try transform(text) }
  }

  @Test func `all transforms read back what they write`() throws {
    for variant in transformRegistry.variants {
      let transform = try example(of: variant)
      var problems = Problems()
      let again = transformRegistry.read(transform.typedJSON, at: "t", &problems)
      #expect(again?.typedJSON == transform.typedJSON)
    }
    #expect(transformRegistry.types == transformRegistry.types.sorted())
  }
}

extension Standardize {
  static func named(_ field: String) -> Standardize {
    var transform = Standardize()
    transform.field = PlacedName(field)
    return transform
  }
}

private func moves(upTo pixels: Int) -> [[Int]] {
  (-pixels...pixels).flatMap { down in (-pixels...pixels).map { [down, $0] } }
}

/// y[h, w, c] = x[h - down, w - right, c], straight from the definition.
private func shifted(
  _ source: [Float], _ shape: Shape, _ down: Int, _ right: Int, _ fill: Float
) -> [Float] {
  var result: [Float] = []
  for h in 0..<shape[0] {
    for w in 0..<shape[1] {
      for c in 0..<shape[2] {
        let (y, x) = (h - down, w - right)
        let isInside = (0..<shape[0]).contains(y) && (0..<shape[1]).contains(x)
        result.append(isInside ? source[(y * shape[1] + x) * shape[2] + c] : fill)
      }
    }
  }
  return result
}
