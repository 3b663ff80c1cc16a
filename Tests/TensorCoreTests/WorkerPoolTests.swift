import Synchronization
import TensorCore
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 8])
  func doesEveryChunkOnceInEveryJob(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for chunks in [0, 1, 2, 7, 64, 1_000] {
      let counts = UnsafeMutablePointer<Int>.allocate(capacity: chunks + 1)
      defer { counts.deallocate() }
      counts.initialize(repeating: 0, count: chunks + 1)
      for _ in 0..<200 { pool.run(chunks: chunks) { counts[$0] += 1 } }
      for chunk in 0..<chunks { #expect(counts[chunk] == 200) }
      #expect(counts[chunks] == 0)
    }
  }

  @Test(arguments: [1, 2, 3, 8])
  func doesEveryChunkOfTwoJobsOnce(threads: Int) {
    let pool = WorkerPool(threads: threads)
    for (first, second) in [(0, 0), (0, 1), (1, 0), (1, 1), (3, 16), (16, 0), (0, 16), (500, 7)] {
      let total = first + second
      let counts = UnsafeMutablePointer<Int>.allocate(capacity: total + 1)
      defer { counts.deallocate() }
      counts.initialize(repeating: 0, count: total + 1)
      for _ in 0..<200 {
        pool.run(
          chunks: first, { counts[$0] += 1 }, alongside: second, { counts[first + $0] += 1 })
        // A job of its own after it finds nothing left of the second.
        pool.run(chunks: total) { counts[$0] += 1 }
      }
      for chunk in 0..<total { #expect(counts[chunk] == 400) }
      #expect(counts[total] == 0)
    }
  }

  /// While one thread is held in the last chunk of the first job, the others do the second.
  @Test func neitherJobWaitsForTheOther() {
    let pool = WorkerPool(threads: 2)
    let done = Atomic<Int>(0)
    pool.run(
      chunks: 1, { _ in while done.load(ordering: .acquiring) < 5 {} }, alongside: 5,
      { _ in done.add(1, ordering: .releasing) })
    #expect(done.load(ordering: .relaxed) == 5)
  }

  @Test func wakesSleepers() {
    let pool = WorkerPool(threads: 2)
    let total = Atomic<Int>(0)
    for _ in 0..<5 {
      pool.run(chunks: 10) { total.add($0, ordering: .relaxed) }
      var spin = 0
      while spin < 10_000_000 { spin &+= Int(total.load(ordering: .relaxed) / 45) }
    }
    #expect(total.load(ordering: .relaxed) == 225)
  }
}
