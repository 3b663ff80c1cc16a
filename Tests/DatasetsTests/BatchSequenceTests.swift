import Datasets
import Testing

@Suite struct BatchSequenceTests {
  @Test func `the order is a permutation that depends on seed and epoch alone`() {
    let sequence = BatchSequence(count: 1000, batchSize: 64, shuffledBy: 7)
    let again = BatchSequence(count: 1000, batchSize: 10, shuffledBy: 7)
    let other = BatchSequence(count: 1000, batchSize: 64, shuffledBy: 8)
    #expect(sequence.order(of: 3).sorted() == Array(0..<1000))
    #expect(sequence.order(of: 3) == again.order(of: 3))
    #expect(sequence.order(of: 3) != sequence.order(of: 4))
    #expect(sequence.order(of: 3) != other.order(of: 3))
    #expect(sequence.order(of: 0) != Array(0..<1000))
  }

  @Test func `without a seed the rows keep their order`() {
    let sequence = BatchSequence(count: 5, batchSize: 2, shuffledBy: nil)
    #expect(sequence.order(of: 9) == [0, 1, 2, 3, 4])
    #expect(sequence.rows(at: BatchPosition(epoch: 1, batch: 2)) == [4])
  }

  @Test func `the last batch is smaller or left out`() {
    let kept = BatchSequence(count: 10, batchSize: 4, shuffledBy: 1)
    #expect(kept.batches == 3)
    #expect((0..<3).map { kept.size(of: $0) } == [4, 4, 2])
    let dropped = BatchSequence(count: 10, batchSize: 4, shuffledBy: 1, dropsRemainder: true)
    #expect(dropped.batches == 2)
    #expect(BatchSequence(count: 3, batchSize: 4, shuffledBy: 1, dropsRemainder: true).batches == 0)
    #expect(BatchSequence(count: 8, batchSize: 4, shuffledBy: 1).batches == 2)
  }

  @Test func `the batches of an epoch are its rows, each once`() {
    let sequence = BatchSequence(count: 10, batchSize: 4, shuffledBy: 1)
    let rows = (0..<3).flatMap { sequence.rows(at: BatchPosition(epoch: 2, batch: $0)) }
    #expect(rows == sequence.order(of: 2))
  }

  @Test func `an epoch follows the last batch of the one before`() {
    let sequence = BatchSequence(count: 10, batchSize: 4, shuffledBy: 1)
    let last = BatchPosition(epoch: 1, batch: 2)
    #expect(sequence.position(after: last) == BatchPosition(epoch: 2, batch: 0))
    #expect(sequence.position(after: BatchPosition()) == BatchPosition(epoch: 0, batch: 1))
    #expect(last < BatchPosition(epoch: 2))
  }
}
