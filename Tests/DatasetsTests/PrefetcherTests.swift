import Datasets
import Foundation
import Settings
import Testing

@Suite struct PrefetcherTests {
  private let sequence = BatchSequence(count: 23, batchSize: 5, shuffledBy: 11)

  private func pipeline() throws -> Pipeline {
    var shift = RandomShift()
    shift.field = PlacedName("image")
    var oneHot = OneHot()
    oneHot.field = PlacedName("label")
    return try Pipeline(countingDataset(23), [shift, oneHot], seed: 4)
  }

  @Test(arguments: [1, 2, 3, 8], [true, false])
  func `batches are those of a direct fill`(depth: Int, isTraining: Bool) throws {
    let pipeline = try pipeline()
    let prefetcher = Prefetcher(
      pipeline, sequence, until: 3, isTraining: isTraining, depth: depth)
    var position = BatchPosition()
    let batches = try drain(prefetcher)
    #expect(batches.count == 15)
    for batch in batches {
      let expected = try Contents(pipeline, sequence, position, isTraining: isTraining)
      #expect(batch == expected)
      position = sequence.position(after: position)
    }
    #expect(batches[4].rows.count == 3)
  }

  @Test func `a run that starts in the middle goes on as the whole one`() throws {
    let pipeline = try pipeline()
    let whole = try drain(Prefetcher(pipeline, sequence, until: 4, isTraining: true))
    for start in [BatchPosition(epoch: 2, batch: 3), BatchPosition(epoch: 2, batch: 5)] {
      let rest = try drain(
        Prefetcher(pipeline, sequence, from: start, until: 4, isTraining: true))
      #expect(rest == Array(whole[(start.epoch * 5 + start.batch)...]))
    }
  }

  @Test func `after the end there is nothing, again and again`() throws {
    let prefetcher = Prefetcher(try pipeline(), sequence, until: 1, isTraining: true)
    #expect(try drain(prefetcher).count == 5)
    #expect(try prefetcher.next() == nil)
    let none = Prefetcher(try pipeline(), sequence, until: 0, isTraining: true)
    #expect(try none.next() == nil)
  }

  @Test func `no batches are no endless wait`() throws {
    let none = BatchSequence(count: 23, batchSize: 50, shuffledBy: 1, dropsRemainder: true)
    #expect(try Prefetcher(try pipeline(), none, isTraining: true).next() == nil)
  }

  @Test func `letting go early ends the thread, and lent batches stay`() throws {
    let pipeline = try pipeline()
    for taken in 0..<20 {
      var prefetcher: Prefetcher? = Prefetcher(pipeline, sequence, isTraining: true)
      for _ in 0..<taken { try prefetcher?.next()?.release() }
      let batch = try #require(try prefetcher?.next())
      let before = Contents(batch)
      prefetcher = nil
      #expect(Contents(batch) == before)
      batch.release()
    }
  }

  @Test func `a batch stays as it is until its release`() throws {
    let prefetcher = Prefetcher(try pipeline(), sequence, isTraining: true, depth: 3)
    let first = try #require(try prefetcher.next())
    let before = Contents(first)
    let second = try #require(try prefetcher.next())
    Thread.sleep(forTimeInterval: 0.02)
    #expect(Contents(first) == before)
    first.release()
    first.release()
    second.release()
    #expect(try drain(prefetcher, limit: 7).count == 7)
  }

  @Test func `releasing twice does not give away what is lent anew`() throws {
    let prefetcher = Prefetcher(try pipeline(), sequence, isTraining: true, depth: 1)
    let first = try #require(try prefetcher.next())
    first.release()
    let second = try #require(try prefetcher.next())
    let before = Contents(second)
    first.release()
    Thread.sleep(forTimeInterval: 0.02)
    #expect(Contents(second) == before)
  }

  @Test func `a failure comes after the batches before it`() throws {
    let dataset = FailingDataset(whole: countingDataset(23), limit: 12)
    let inOrder = BatchSequence(count: 23, batchSize: 5, shuffledBy: nil)
    let prefetcher = Prefetcher(try Pipeline(dataset), inOrder, isTraining: true)
    for _ in 0..<2 {
      let batch = try #require(try prefetcher.next())
      batch.release()
    }
    for _ in 0..<2 {
      #expect(throws: FailingDataset.Failure(row: 12)) { try prefetcher.next() }
    }
  }

  @Test func `the memory of a batch is aligned and used again`() throws {
    let prefetcher = Prefetcher(try pipeline(), sequence, until: 20, isTraining: true, depth: 2)
    var addresses: Set<UInt> = []
    while let batch = try prefetcher.next() {
      for pointer in batch.pointers { addresses.insert(UInt(bitPattern: pointer)) }
      batch.release()
    }
    #expect(addresses.count == 4)
    #expect(addresses.allSatisfy { $0 % 64 == 0 })
  }
}
