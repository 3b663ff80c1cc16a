import CSIMD
public import TensorCore

extension Activations {
  /// ln(1 + eˣ).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func softplus<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.softplus($1, $2, $3) },
      reference: { max($0, 0) + S.log(onePlus: S.exp(-$0.magnitude)) })
  }

  /// dy / (1 + e⁻ˣ).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func softplusBackward<S: Scalar>(
    input values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.softplus_backward($1, $2, $3, $4, $5) },
      slope: { 1 / (1 + S.exp(-$0)) })
  }
}
