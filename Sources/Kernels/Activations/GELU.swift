import CSIMD
public import TensorCore

extension Activations {
  /// x Φ(x) with the distribution function of the normal distribution (Hendrycks and Gimpel 2016).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func gelu<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.gelu($1, $2, $3) },
      reference: { $0 * normalCDF($0) })
  }

  /// dy (Φ(x) + x φ(x)), φ being the density of the normal distribution.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func geluBackward<S: Scalar>(
    input values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.gelu_backward($1, $2, $3, $4, $5) },
      slope: { normalCDF($0) + $0 * S.exp(-$0 * $0 / 2) / S.sqrt(2 * S.pi) })
  }

  @inline(__always)
  private static func normalCDF<S: Scalar>(_ x: S) -> S { S.erfc(-x / S.sqrt(2)) / 2 }
}
