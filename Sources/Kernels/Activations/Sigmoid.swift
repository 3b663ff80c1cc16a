import CSIMD
public import TensorCore

extension Activations {
  /// 1 / (1 + e⁻ˣ).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sigmoid<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.sigmoid($1, $2, $3) },
      reference: { 1 / (1 + S.exp(-$0)) })
  }

  /// dy y (1 - y).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sigmoidBackward<S: Scalar>(
    output values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.sigmoid_backward($1, $2, $3, $4, $5) }, slope: { $0 * (1 - $0) })
  }
}
