public import TensorCore

/// Which keys of attention are there: positions of sequences that are no padding.
public struct KeyMask<S: Scalar>: @unchecked Sendable {
  /// [N, S]: 0 for padding.
  private let mask: UnsafePointer<S>
  private let keys: Int

  public init(_ mask: UnsafePointer<S>, keys: Int) {
    (self.mask, self.keys) = (mask, keys)
  }

  /// That of a row's keys.
  func row(_ n: Int) -> UnsafePointer<S> { mask + n * keys }

  /// Takes padding out of a block of scores: a weight of e^-∞ is 0.
  @specialized(where S == Float)
  @specialized(where S == Double)
  func hide(
    in scores: UnsafeMutablePointer<S>, stride: Int, _ block: AttentionBlock, row n: Int
  ) {
    let mask = mask + n * keys
    for key in 0..<block.columns where mask[key] == 0 {
      for row in 0..<block.rows.count { scores[row * stride + key] = -.infinity }
    }
  }

  /// Gives queries of a block that see padding alone no weights, where e^-∞ / 0 stands: they ask nobody.
  @specialized(where S == Float)
  @specialized(where S == Double)
  func clear(
    _ weights: UnsafeMutablePointer<S>, stride: Int, _ block: AttentionBlock,
    logSums: UnsafeMutablePointer<S>, row n: Int
  ) {
    let mask = mask + n * keys
    let first = (0..<keys).first { mask[$0] != 0 } ?? keys
    for row in 0..<block.rows.count where block.seen(row) <= first {
      (weights + row * stride).update(repeating: 0, count: block.columns)
      logSums[row] = .infinity
    }
  }
}
