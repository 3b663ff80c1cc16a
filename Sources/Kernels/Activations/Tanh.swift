import CSIMD
public import TensorCore

extension Activations {
  /// The hyperbolic tangent.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func tanh<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.tanh($1, $2, $3) },
      reference: { S.tanh($0) })
  }

  /// dy (1 - y²).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func tanhBackward<S: Scalar>(
    output values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.tanh_backward($1, $2, $3, $4, $5) }, slope: { 1 - $0 * $0 })
  }
}
