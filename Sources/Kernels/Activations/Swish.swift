import CSIMD
public import TensorCore

extension Activations {
  /// x σ(x), also called SiLU (Elfwing, Uchibe, Doya 2018; Ramachandran, Zoph, Le 2017).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func swish<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    forward(
      x, into: y, count: count, pool: pool, vector: { $0.elementwise.swish($1, $2, $3) },
      reference: { $0 / (1 + S.exp(-$0)) })
  }

  /// dy (σ(x) + x σ(x) (1 - σ(x))).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func swishBackward<S: Scalar>(
    input values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    backward(
      values, dy, into: dx, count: count, accumulate: accumulate, pool: pool,
      vector: { $0.elementwise.swish_backward($1, $2, $3, $4, $5) },
      slope: {
        let s = 1 / (1 + S.exp(-$0))
        return s + $0 * s * (1 - s)
      })
  }
}
