import Testing

@testable import Datasets

/// Rows of about the same length.
@Suite struct LengthBucketsTests {
  private let lengths = (0..<200).map { 1 + ($0 * $0 * 7 + $0 / 3) % 23 }

  /// Steps of padding that limits leave.
  private func padding(_ limits: [Int]) -> Int {
    lengths.reduce(0) { sum, length in
      sum + (limits.first { $0 >= length } ?? .max / 1000) - length
    }
  }

  @Test(arguments: [1, 2, 3]) func noLimitsLeaveLessPadding(count: Int) {
    let longest = lengths.max() ?? 0
    func best(_ limits: [Int]) -> Int {
      limits.count == count
        ? padding(limits)
        : (1..<(limits.first ?? 0)).reduce(padding(limits)) { min($0, best([$1] + limits)) }
    }
    let found = LengthBuckets(count, lengths: lengths).limits
    #expect(found.count == count && found.last == longest)
    #expect(padding(found) == best([longest]))
  }

  @Test func enoughBucketsLeaveNone() {
    #expect(LengthBuckets(100, lengths: lengths).limits == Set(lengths).sorted())
    #expect(LengthBuckets(4, lengths: [5, 5, 5]).limits == [5])
  }

  @Test func onlyPaddedFieldsHaveLengths() {
    #expect(LengthBuckets(3, of: countingDataset(4)) == nil)
    #expect(LengthBuckets(3, of: PaddedDataset(lengths: [])) == nil)
    #expect(LengthBuckets(3, of: PaddedDataset(lengths: [0, 2, 2]))?.limits == [1, 2])
  }

  @Test func everyRowComesOnceAndFits() {
    let buckets = LengthBuckets(3, lengths: lengths)
    for seed in [nil, 5 as UInt64?] {
      let sequence = BatchSequence(
        count: 200, batchSize: 16, shuffledBy: seed, buckets: buckets)
      var shapes: Set<BatchShape> = []
      for epoch in 0..<3 {
        let order = sequence.order(of: epoch)
        #expect(order.sorted() == Array(0..<200))
        var steps = 0
        for batch in 0..<sequence.batches {
          let shape = sequence.shape(of: batch, in: order)
          shapes.insert(shape)
          let rows = sequence.rows(at: BatchPosition(epoch: epoch, batch: batch))
          #expect(rows.count == shape.rows)
          #expect(rows.allSatisfy { lengths[$0] <= shape.steps ?? 0 })
          steps += shape.rows * (shape.steps ?? 0)
        }
        // Little more than the limits ask for: a batch at each boundary.
        #expect(steps <= padding(buckets.limits) + lengths.reduce(0, +) + 2 * 16 * 23)
      }
      #expect(shapes == sequence.shapes)
      #expect(shapes.count <= 4)
      #expect((sequence.order(of: 0) != sequence.order(of: 1)) == (seed != nil))
    }
  }

  @Test func batchesAreAsLongAsTheirRows() throws {
    let pipeline = try Pipeline(PaddedDataset(lengths: [3, 1, 2, 1, 1]))
    let sequence = BatchSequence(
      count: 5, batchSize: 2, shuffledBy: nil, buckets: LengthBuckets(3, of: pipeline))
    let batches = Prefetcher(pipeline, sequence, until: 1, isTraining: true)
    var found: [[Float]] = []
    while let batch = try batches.next() {
      #expect(batch.fields[0].shape.dimensions == [batch.shape.steps])
      found.append(batch.view(0).elements)
      batch.release()
    }
    #expect(found == [[1, 1], [1, 0, 1, 1], [1, 1, 1]])
  }
}
