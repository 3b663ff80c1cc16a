/// The Philox 4x32-10 counter-based generator: a keyed bijection of 128-bit counters.
///
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
/// Any number of the sequence costs the same and depends on nothing but key and counter.
public struct Philox: Sendable {
  private let key: SIMD2<UInt32>

  /// A generator of the family named by `key`.
  @inlinable
  public init(key: UInt64) {
    self.init(key: SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)))
  }

  @usableFromInline
  init(key: SIMD2<UInt32>) { self.key = key }

  /// The four random words at one counter.
  public func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var (counter, key) = (counter, key)
    for _ in 0..<10 {
      let low = counter[0].multipliedFullWidth(by: 0xD251_1F53)
      let high = counter[2].multipliedFullWidth(by: 0xCD9E_8D57)
      counter = SIMD4(
        high.high ^ counter[1] ^ key[0], high.low, low.high ^ counter[3] ^ key[1], low.low)
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }
}
