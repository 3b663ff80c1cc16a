import Datasets
import Settings
import TensorCore
import Testing

/// Fields that are added, and what classes become.
@Suite struct CopyTests {
  private func pipeline(_ transforms: [String]) throws -> Pipeline {
    try Pipeline(countingDataset(30), try transforms.map { try transform($0) }, seed: 5)
  }

  private func filled(_ pipeline: Pipeline, epoch: Int) throws -> [[Float]] {
    try Contents(
      pipeline, BatchSequence(count: 30, batchSize: 30, shuffledBy: nil),
      BatchPosition(epoch: epoch), isTraining: true
    ).fields
  }

  @Test func `a copy is clean where its original is corrupted`() throws {
    let data = try pipeline([
      #"{"type": "scale", "field": "image", "divide": 2}"#,
      #"{"type": "copy", "field": "image", "as": "clean"}"#,
      #"{"type": "add_noise", "field": "image", "stddev": 1}"#,
      #"{"type": "scale", "field": "clean", "add": 100}"#,
    ])
    #expect(data.fields.map(\.name) == ["image", "label", "clean"])
    #expect(data.fields[2].shape == [2, 3, 1])
    #expect(try row(data, 1, 2) == [103, 103.5, 104, 104.5, 105, 105.5])
    let noisy = try row(data, 1, 0)
    #expect(noisy != [3, 3.5, 4, 4.5, 5, 5.5])
    #expect(zip(noisy, [3, 3.5, 4, 4.5, 5, 5.5]).allSatisfy { abs($0 - $1) < 6 })
  }

  @Test func `random changes before a copy are the same in both`() throws {
    let data = try pipeline([
      #"{"type": "random_shift", "field": "image", "pixels": 1}"#,
      #"{"type": "random_flip", "field": "image"}"#,
      #"{"type": "copy", "field": "image", "as": "clean"}"#,
    ])
    let (first, second) = (try filled(data, epoch: 0), try filled(data, epoch: 1))
    #expect(first[0] == first[2] && second[0] == second[2])
    #expect(first[0] != second[0])
  }

  @Test func `a copy of a copy may grow and shrink by itself`() throws {
    let data = try pipeline([
      #"{"type": "copy", "field": "image", "as": "a"}"#,
      #"{"type": "resize", "field": "a", "size": [4, 6]}"#,
      #"{"type": "copy", "field": "a", "as": "b"}"#,
      #"{"type": "crop", "field": "b", "size": [1, 1]}"#,
    ])
    #expect(data.fields.map(\.shape) == [[2, 3, 1], [], [4, 6, 1], [1, 1, 1]])
    #expect(try row(data, 0, 0) == [0, 1, 2, 3, 4, 5])
    #expect(try row(data, 0, 3) == [try row(data, 0, 2)[8]])
  }

  @Test func `a name that is taken is refused at its place`() throws {
    let error = #expect(throws: Problems.self) {
      try pipeline([#"{"type": "copy", "field": "image", "as": "label"}"#])
    }
    #expect(error?.list.first?.path == "t.as")
    #expect(error?.description.hasSuffix("the data have a field \"label\" already") == true)
    #expect(throws: Problems.self) {
      try pipeline([#"{"type": "copy", "field": "imgae", "as": "x"}"#])
    }
  }

  @Test func `membership is 1 for some classes`() throws {
    let field = DataField("label", [], classes: 4, classNames: ["a", "b", "c", "d"])
    let some = try transform(
      #"{"type": "class_membership", "field": "label", "classes": ["b", 3]}"#)
    #expect(try (0..<4).map { try apply(some, field, [Float($0)]) } == [[0], [1], [0], [1]])
    let others = try transform(
      #"{"type": "class_membership", "field": "label", "classes": [1], "invert": true}"#)
    #expect(try (0..<4).map { try apply(others, field, [Float($0)]) } == [[1], [0], [1], [1]])
    let output = try some.bound(to: field, random: RandomStream(seed: 0, stream: 0)).output
    #expect(output == DataField("label", [], classes: 2))
  }

  @Test(arguments: [
    (#"["e"]"#, "t.classes[0]: \"label\" has no class \"e\" (known: a, b)"),
    ("[2]", "t.classes[0]: expected a class of \"label\", from 0 to 1; got 2"),
  ])
  func `a class that there is not is named`(classes: String, message: String) throws {
    let some = try transform(
      #"{"type": "class_membership", "field": "label", "classes": \#(classes)}"#)
    let field = DataField("label", [], classes: 2, classNames: ["a", "b"])
    let error = #expect(throws: Problems.self) { try apply(some, field, [0]) }
    #expect(error?.description.hasSuffix(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    #"{"type": "class_membership", "field": "label", "classes": []}"#,
    #"{"type": "class_membership", "field": "label", "classes": [-1]}"#,
    #"{"type": "class_membership", "field": "label", "classes": [true]}"#,
    #"{"type": "copy", "field": "label"}"#,
  ])
  func `wrong settings are refused`(text: String) {
    #expect(throws: Problems.self) { try transform(text) }
  }
}
