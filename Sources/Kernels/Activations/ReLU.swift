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
      x, into: y, count: count, pool: pool, float: { vectors.elementwise.relu($0, $1, $2) },
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
      float: { vectors.elementwise.relu_backward($0, $1, $2, $3, $4) }, slope: { $0 > 0 ? 1 : 0 })
  }
}
