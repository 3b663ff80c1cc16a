import Synchronization

/// Hands out equal parts of a scratch buffer to the chunks that run at one moment.
///
/// A chunk takes the lowest part that is free, so a job with two threads touches two parts, which stay in the
/// cache, although the buffer has more. Which part a chunk gets may differ from run to run; what it
/// computes does not, as it writes before it reads.
struct ScratchSlots: ~Copyable {
  private let taken = Atomic<UInt32>(0)
  private let count: Int

  /// - Parameter count: how many parts the buffer has, at most 32; more threads than that wait for one another.
  init(count: Int) {
    precondition(count <= UInt32.bitWidth, "\(count) parts of a scratch buffer")
    self.count = count
  }

  /// The number of a free part, once there is one.
  func take() -> Int {
    while true {
      let before = taken.load(ordering: .acquiring)
      let slot = (~before).trailingZeroBitCount
      if slot >= count { continue }
      let exchange = taken.compareExchange(
        expected: before, desired: before | 1 << slot, ordering: .acquiringAndReleasing)
      if exchange.exchanged { return slot }
    }
  }

  /// Frees what `take` gave.
  func giveBack(_ slot: Int) {
    taken.bitwiseAnd(~(1 << UInt32(slot)), ordering: .releasing)
  }
}
