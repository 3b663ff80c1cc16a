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
