import CSIMD
public import TensorCore

extension Activations {
  /// ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), the approximation of GELU used by GPT-2.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func geluTanh<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.gelu_tanh($1, $2, $3) },
      reference: { $0 / 2 * (1 + S.tanh(geluTanhArgument($0))) })
  }

  /// dy times the derivative of geluTanh.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func geluTanhBackward<S: Scalar>(
    input values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.gelu_tanh_backward($1, $2, $3, $4, $5) },
      slope: {
        let t = S.tanh(geluTanhArgument($0))
        let inner = S.sqrt(2 / S.pi) * (1 + 3 * 0.044715 * $0 * $0)
        return (1 + t) / 2 + $0 / 2 * (1 - t * t) * inner
      })
  }

  @inline(__always)
  private static func geluTanhArgument<S: Scalar>(_ x: S) -> S {
    S.sqrt(2 / S.pi) * (x + 0.044715 * x * x * x)
  }
}
