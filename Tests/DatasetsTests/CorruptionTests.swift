import Datasets
import Settings
import TensorCore
import Testing

/// Transforms that make the input worse, in training and in evaluation.
@Suite struct CorruptionTests {
  private let image = DataField("image", [20, 30, 2])
  private let source = (0..<1200).map { Float($0 % 7) }

  @Test(arguments: [
    #"{"type": "add_noise", "field": "image", "stddev": 0.5}"#,
    #"{"type": "mask_noise", "field": "image", "fill": -1}"#,
    #"{"type": "watermark", "field": "image", "text": "AB", "value": 9}"#,
  ])
  func `an evaluation is the same each time, training is not`(text: String) throws {
    let corruption = try transform(text)
    let evaluated = try apply(corruption, image, source)
    #expect(evaluated != source)
    #expect(try apply(corruption, image, source) == evaluated)
    #expect(try apply(corruption, image, source, epoch: 3) == evaluated)
    #expect(try apply(corruption, image, source, row: 1) != evaluated)
    #expect(try apply(corruption, image, source, seed: 2) != evaluated)
    let trained = try (0..<3).map {
      try apply(corruption, image, source, epoch: $0, isTraining: true)
    }
    #expect(Set(trained).count == 3)
    #expect(!trained.contains(evaluated))
    #expect(try apply(corruption, image, source, isTraining: true) == trained[0])
    #expect(try apply(corruption, image, source, row: 1, isTraining: true) != trained[0])
  }

  @Test func `noise is normal`() throws {
    let noise = try transform(#"{"type": "add_noise", "field": "x", "stddev": 2}"#)
    // An odd count, so that the last block of four is not whole.
    let count = 100_001
    let values = try apply(noise, DataField("x", [count]), .init(repeating: 3, count: count))
      .map { (Double($0) - 3) / 2 }
    func moment(_ power: Int) -> Double {
      values.map { value in (0..<power).reduce(1) { product, _ in product * value } }
        .reduce(0, +) / Double(count)
    }
    // Four standard errors of each moment, √(1, 2, 15, 96 / N).
    let error = 4 / Double(count).squareRoot()
    #expect(abs(moment(1)) < error)
    #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
    #expect(abs(moment(3)) < error * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
  }

  @Test func `noise is cut to an interval`() throws {
    let noise = try transform(
      #"{"type": "add_noise", "field": "image", "stddev": 5, "clip": [0, 6]}"#)
    let values = try apply(noise, image, source)
    #expect(values.min() == 0 && values.max() == 6)
    let none = try transform(#"{"type": "add_noise", "field": "image", "stddev": 0}"#)
    #expect(try apply(none, image, source) == source)
  }

  @Test func `a mask takes whole pixels with its probability`() throws {
    let mask = try transform(
      #"{"type": "mask_noise", "field": "image", "probability": 0.3, "fill": -1}"#)
    var masked = 0
    for row in 0..<100 {
      let values = try apply(mask, image, source, row: row)
      for pixel in 0..<600 {
        let (old, new) = (source[2 * pixel..<2 * pixel + 2], values[2 * pixel..<2 * pixel + 2])
        if new == [-1, -1] { masked += 1 } else { try #require(new == old) }
      }
    }
    // Four standard errors of 60,000 draws.
    #expect(abs(Double(masked) / 60_000 - 0.3) < 4 * (0.3 * 0.7 / 60_000).squareRoot())
    let all = try transform(#"{"type": "mask_noise", "field": "image", "probability": 1}"#)
    #expect(try apply(all, image, source) == [Float](repeating: 0, count: 1200))
    let none = try transform(#"{"type": "mask_noise", "field": "image", "probability": 0}"#)
    #expect(try apply(none, image, source) == source)
  }

  @Test func `a watermark is its letters at one of all places, in one strength`() throws {
    let mark = try transform(
      #"{"type": "watermark", "field": "image", "text": "T1", "strength": [0.25, 0.75], "value": 1}"#
    )
    let field = DataField("image", [9, 13, 1])
    let letters = [
      "#####...#..", "..#....##..", "..#.....#..", "..#.....#..", "..#.....#..", "..#.....#..",
      "..#....###.",
    ]
    var places: Set<[Int]> = []
    var strengths: [Float] = []
    for row in 0..<300 {
      let values = try apply(mark, field, .init(repeating: 0, count: 117), row: row)
      let strength = try #require(values.max())
      strengths.append(strength)
      let marked = values.indices.filter { values[$0] != 0 }
      #expect(marked.allSatisfy { values[$0] == strength })
      let (top, left) = (marked.map { $0 / 13 }.min() ?? 0, marked.map { $0 % 13 }.min() ?? 0)
      places.insert([top, left])
      var expected: [Int] = []
      for (y, line) in letters.enumerated() {
        for (x, dot) in line.enumerated() where dot == "#" {
          expected.append((top + y) * 13 + left + x)
        }
      }
      try #require(marked == expected)
    }
    // 3 x 3 places for 7 x 11 dots.
    #expect(places.count == 9)
    #expect(strengths.allSatisfy { (0.25...0.75).contains($0) })
    #expect(try #require(strengths.min()) < 0.27)
    #expect(try #require(strengths.max()) > 0.73)
  }

  @Test func `a watermark of full strength covers all channels, in larger dots`() throws {
    let mark = try transform(
      #"{"type": "watermark", "field": "image", "text": "I", "strength": [1, 1], "scale": 2}"#)
    let values = try apply(mark, DataField("image", [14, 10, 3]), .init(repeating: 0, count: 420))
    #expect(values.filter { $0 == 1 }.count == 11 * 4 * 3)
    let dots: [Float] = [0, 0, 1, 1, 1, 1, 1, 1, 0, 0]
    for (index, dot) in dots.enumerated() {
      #expect(Array(values[3 * index..<3 * index + 3]) == [dot, dot, dot])
    }
  }

  @Test(arguments: [
    #"{"type": "add_noise", "field": "x"}"#,
    #"{"type": "add_noise", "field": "x", "stddev": -1}"#,
    #"{"type": "add_noise", "field": "x", "stddev": 1, "clip": [1, 0]}"#,
    #"{"type": "add_noise", "field": "x", "stddev": 1, "clip": [1]}"#,
    #"{"type": "mask_noise", "field": "x", "probability": 2}"#,
    #"{"type": "watermark", "field": "x", "text": ""}"#,
    #"{"type": "watermark", "field": "x", "text": "abc"}"#,
    #"{"type": "watermark", "field": "x", "strength": [0.5, 0.2]}"#,
    #"{"type": "watermark", "field": "x", "strength": [0, 2]}"#,
    #"{"type": "watermark", "field": "x", "scale": 0}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try transform(text) }
  }

  @Test func `a text larger than the images says how large`() throws {
    let mark = try transform(#"{"type": "watermark", "field": "image", "text": "LONGER"}"#)
    let error = #expect(throws: Problems.self) { try apply(mark, image, source) }
    #expect(
      error?.description
        == "test.json:1:32: t.field: the text is 7 x 35 pixels, larger than images of shape "
        + "[20, 30, 2]")
  }
}
