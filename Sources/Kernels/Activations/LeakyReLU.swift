import CSIMD
public import TensorCore

extension Activations {
  /// x where it is positive, else slope x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func leakyRelu<S: Scalar>(
    _ x: UnsafePointer<S>, slope: S, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool,
      vector: { $0.elementwise.leaky_relu($1, Float(slope), $2, $3) },
      reference: { $0 < 0 ? slope * $0 : $0 })
  }

  /// dy where x is positive, else slope dy.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func leakyReluBackward<S: Scalar>(
    input values: UnsafePointer<S>, slope: S, _ dy: UnsafePointer<S>,
    into dx: UnsafeMutablePointer<S>, count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.leaky_relu_backward($1, Float(slope), $2, $3, $4, $5) },
      slope: { $0 < 0 ? slope : 1 })
  }
}
