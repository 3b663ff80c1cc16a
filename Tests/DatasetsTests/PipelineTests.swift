import Datasets
import Settings
import TensorCore
import Testing

@Suite struct PipelineTests {
  private func scaled(_ factor: Double) -> Scale {
    var scale = Scale()
    scale.field = PlacedName("image")
    scale.multiply = factor
    return scale
  }

  private var shift: RandomShift {
    var shift = RandomShift()
    shift.field = PlacedName("image")
    shift.fill = -1
    return shift
  }

  @Test func `transforms act in their order and change the fields`() throws {
    var add = Scale()
    add.field = PlacedName("image")
    add.add = 1
    var oneHot = OneHot()
    oneHot.field = PlacedName("label")
    let pipeline = try Pipeline(countingDataset(4), [add, scaled(10), oneHot])
    #expect(pipeline.fields.map(\.shape) == [[2, 3, 1], [3]])
    #expect(try row(pipeline, 1, 0) == [70, 80, 90, 100, 110, 120])
    #expect(try row(pipeline, 2, 1) == [0, 0, 1])
  }

  @Test func `random changes come in training only`() throws {
    let pipeline = try Pipeline(countingDataset(40), [shift], seed: 3)
    let sequence = BatchSequence(count: 40, batchSize: 40, shuffledBy: nil)
    let plain = try Contents(pipeline, sequence, BatchPosition(), isTraining: false)
    #expect(plain.fields[0] == (0..<240).map(Float.init))
    let moved = try Contents(pipeline, sequence, BatchPosition(), isTraining: true)
    #expect(moved.fields[0] != plain.fields[0])
    #expect(moved.fields[1] == plain.fields[1])
  }

  @Test func `what is random depends on seed, epoch and row, not on the batch`() throws {
    let pipeline = try Pipeline(countingDataset(40), [shift], seed: 3)
    let ordered = BatchSequence(count: 40, batchSize: 40, shuffledBy: nil)
    let shuffled = BatchSequence(count: 40, batchSize: 7, shuffledBy: 5)
    for epoch in 0..<2 {
      let whole = try Contents(
        pipeline, ordered, BatchPosition(epoch: epoch), isTraining: true)
      for batch in 0..<shuffled.batches {
        let part = try Contents(
          pipeline, shuffled, BatchPosition(epoch: epoch, batch: batch), isTraining: true)
        for (index, row) in part.rows.enumerated() {
          let (got, expected) = (
            part.fields[0][index * 6..<index * 6 + 6], whole.fields[0][row * 6..<row * 6 + 6]
          )
          #expect(Array(got) == Array(expected))
        }
      }
    }
    let first = try Contents(pipeline, ordered, BatchPosition(), isTraining: true)
    let later = try Contents(pipeline, ordered, BatchPosition(epoch: 1), isTraining: true)
    #expect(first.fields != later.fields)
    let other = try Pipeline(countingDataset(40), [shift], seed: 4)
    #expect(try Contents(other, ordered, BatchPosition(), isTraining: true).fields != first.fields)
    let twice = try Pipeline(countingDataset(40), [scaled(1), shift], seed: 3)
    #expect(try Contents(twice, ordered, BatchPosition(), isTraining: true).fields != first.fields)
  }

  @Test func `a row may shrink on its way`() throws {
    let pipeline = try Pipeline(countingDataset(5), [Sum()])
    let sequence = BatchSequence(count: 5, batchSize: 5, shuffledBy: nil)
    let sums = try Contents(pipeline, sequence, BatchPosition(), isTraining: true).fields[0]
    #expect(sums == [15, 51, 87, 123, 159])
  }

  @Test func `every transform without its field is reported`() throws {
    var wrong = scaled(1)
    wrong.field = PlacedName("imgae")
    var other = wrong
    other.field = PlacedName("lable")
    let error = #expect(throws: Problems.self) {
      try Pipeline(countingDataset(1), [wrong, self.scaled(2), other])
    }
    #expect(error?.list.count == 2)
    #expect(error?.description.contains("did you mean \"image\"") == true)
  }

  @Test func `the first rows alone are as they are among all`() throws {
    let pipeline = try Pipeline(countingDataset(10), [shift], seed: 3)
    let few = pipeline.prefix(4)
    #expect(few.count == 4)
    #expect(few.fields == pipeline.fields)
    #expect(pipeline.prefix(100).count == 10)
    let sequence = BatchSequence(count: 4, batchSize: 4, shuffledBy: nil)
    #expect(
      try Contents(few, sequence, BatchPosition(), isTraining: true)
        == Contents(pipeline, sequence, BatchPosition(), isTraining: true))
  }

  @Test func `a slice numbers its rows from 0`() throws {
    let slice = DatasetSlice(countingDataset(10), 4..<7)
    #expect(slice.count == 3)
    #expect(try row(slice, 0, 0)[0] == 24)
    #expect(try row(slice, 2, 1) == [0])
  }

  @Test func `random numbers are those of a transform's place in the whole list`() throws {
    let noise = try transform(#"{"type": "add_noise", "field": "image", "stddev": 1}"#)
    let whole = try Pipeline(countingDataset(3), [scaled(1), noise], seed: 3)
    let part = try Pipeline(countingDataset(3), [noise], numbers: [1], seed: 3)
    let other = try Pipeline(countingDataset(3), [noise], seed: 3)
    #expect(try row(part, 2, 0) == row(whole, 2, 0))
    #expect(try row(other, 2, 0) != row(whole, 2, 0))
  }
}

/// A toy that makes one number of a row.
private struct Sum: Transform {
  var field = PlacedName("image")
  static let type = "sum"
  static let manual = "Adds up a row."
  static let fields: [Field<Sum>] = [Field("field", \.field, "the field")]

  func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let count = field.shape.count
    return BoundTransform(DataField(field.name, [1])) { values, _ in
      for i in 1..<count { values[0] += values[i] }
    }
  }

  @Test func `rows tell how much of them is padding`() throws {
    let whole = PaddedDataset(lengths: [3, 0, 2, 1])
    func lengths(_ data: any Dataset, _ field: Int = 0) -> [Int] {
      (0..<data.count).map { data.length(row: $0, field: field) }
    }
    #expect(lengths(DatasetRows(whole, [2, 0])) == [2, 3])
    #expect(lengths(DatasetSlice(whole, 1..<3)) == [0, 2])
    let copied = try Pipeline(
      whole,
      [
        #"{"type": "copy", "field": "x", "as": "y"}"#,
        #"{"type": "scale", "field": "x", "add": 1}"#,
      ].map { try transform($0) })
    // What was zero is not after the change, so it is padding no longer.
    #expect(copied.fields.map(\.isPadded) == [false, true])
    #expect(lengths(copied, 0) == [3, 3, 3, 3])
    #expect(lengths(copied, 1) == [3, 0, 2, 1])
    #expect(lengths(copied.prefix(2), 1) == [3, 0])
    #expect(countingDataset(1).length(row: 0, field: 0) == 2)
    #expect(countingDataset(1).length(row: 0, field: 1) == 1)
  }
}
