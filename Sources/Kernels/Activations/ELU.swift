import CSIMD
public import TensorCore

extension Activations {
  /// x where it is positive, else alpha (eˣ - 1) (Clevert, Unterthiner, Hochreiter 2015).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func elu<S: Scalar>(
    _ x: UnsafePointer<S>, alpha: S, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool,
      vector: { $0.elementwise.elu($1, Float(alpha), $2, $3) },
      reference: { $0 < 0 ? alpha * S.expMinusOne($0) : $0 })
  }

  /// dy where y is positive, else dy (y + alpha); alpha is not negative.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func eluBackward<S: Scalar>(
    output values: UnsafePointer<S>, alpha: S, _ dy: UnsafePointer<S>,
    into dx: UnsafeMutablePointer<S>, count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.elu_backward($1, Float(alpha), $2, $3, $4, $5) },
      slope: { $0 < 0 ? $0 + alpha : 1 })
  }
}
