import TensorCore

/// Sequences [N, T, ...] that a recurrent layer goes through, and how they are shared out.
///
/// A worker takes some sequences through all their steps, so nobody waits for anybody between two steps; how many it
/// takes follows from N alone.
public struct Sequences: Sendable {
  /// N.
  public let batch: Int
  /// T.
  public let steps: Int

  public init(batch: Int, steps: Int) {
    (self.batch, self.steps) = (batch, steps)
  }

  /// All time steps of all sequences.
  public var rows: Int { batch * steps }

  /// Few enough that several workers have some, as many as fill two tiles of registers where there are many.
  var chunks: Chunks { Chunks(of: batch, atLeast: min(16, max(4, (batch + 1) / 2))) }

  /// One time step of a tensor [N, T, width].
  @inline(__always)
  func step<S>(_ t: Int, of base: UnsafeMutablePointer<S>, width: Int) -> StridedRows<S> {
    StridedRows(base + t * width, stride: steps * width)
  }
}
