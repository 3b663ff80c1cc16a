import TensorCore
import Testing

@Suite struct ArenaTests {
  /// Below, at and beyond whole huge pages, with and without threads that share them out.
  @Test(arguments: [0, 1, 17, (1 << 19) - 1, 1 << 19, (1 << 19) + 1, 3 << 18, 5 << 19])
  func isAlignedAndZero(count: Int) {
    for pool in [nil, WorkerPool(threads: 2)] {
      let arena = Arena<Float>(count: count, pool: pool)
      #expect(arena.count == count)
      #expect(UInt(bitPattern: arena.base) % 64 == 0)
      #expect((0..<count).allSatisfy { arena.base[$0].bitPattern == 0 })
    }
  }
}
