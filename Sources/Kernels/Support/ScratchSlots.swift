import Synchronization

/// Hands out equal parts of a scratch buffer to the chunks that run at one moment.
///
/// A chunk takes the lowest part that is free, so a job with two threads touches two parts, which stay in the
/// cache, although the buffer has one for each chunk. Which part a chunk gets may differ from run to run; what it
/// computes does not, as it writes before it reads.
struct ScratchSlots: ~Copyable {
  private let taken = Atomic<UInt32>(0)

  /// The number of a free part, below the number of chunks.
  func take() -> Int {
    while true {
      let before = taken.load(ordering: .acquiring)
      let slot = (~before).trailingZeroBitCount
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
