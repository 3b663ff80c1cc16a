import CSIMD
public import TensorCore

extension Activations {
  /// max(x, 0); what is not a number stays so.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func relu<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.relu($1, $2, $3) },
      reference: { $0 < 0 ? 0 : $0 })
  }

  /// dy where y > 0, else 0.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func reluBackward<S: Scalar>(
    output values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.relu_backward($1, $2, $3, $4, $5) }, slope: { $0 > 0 ? 1 : 0 })
  }
}
