import TensorCore

/// Sequences [N, T, ...] that a recurrent layer goes through, and how they are shared out.
///
/// A worker takes some sequences through all their steps, so nobody waits for anybody between two steps; how many it
/// takes follows from N alone. Steps are counted in the order in which they are gone through.
public struct Sequences<S: Scalar>: @unchecked Sendable {
  /// N.
  public let batch: Int
  /// T.
  public let steps: Int
  /// Whether the last step in time comes first.
  public let isReversed: Bool
  /// [N, T] in the order of time: 0 for steps that are padding, which change no state; nil where there are none.
  public let mask: UnsafePointer<S>?

  public init(
    batch: Int, steps: Int, isReversed: Bool = false, mask: UnsafePointer<S>? = nil
  ) {
    (self.batch, self.steps, self.isReversed, self.mask) = (batch, steps, isReversed, mask)
  }

  /// All time steps of all sequences.
  public var rows: Int { batch * steps }

  /// Few enough that several workers have some, as many as fill two tiles of registers where there are many.
  var chunks: Chunks { Chunks(of: batch, atLeast: min(16, max(4, (batch + 1) / 2))) }

  /// Where the t-th step lies in time.
  @inline(__always)
  public func time(_ t: Int) -> Int { isReversed ? steps - 1 - t : t }

  /// One step of a tensor [N, T, width].
  @inline(__always)
  func step(_ t: Int, of base: UnsafeMutablePointer<S>, width: Int) -> StridedRows<S> {
    StridedRows(base + time(t) * width, stride: steps * width)
  }

  /// Whether the t-th step of a sequence is padding.
  @inline(__always)
  func isPadding(_ n: Int, _ t: Int) -> Bool {
    guard let mask else { return false }
    return mask[n * steps + time(t)] == 0
  }

  /// What the output takes of step t: every step's where all come out, else the last one's.
  @inline(__always)
  func gradient(
    _ base: UnsafeMutablePointer<S>, _ ofEveryStep: Bool, at t: Int, width: Int
  ) -> StridedRows<S>? {
    if ofEveryStep { return step(t, of: base, width: width) }
    return t == steps - 1 ? StridedRows(base, stride: width) : nil
  }
}
