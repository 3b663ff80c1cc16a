import CSIMD
public import TensorCore

extension OptimizerUpdates {
  /// Adadelta (Zeiler 2012): v = ρ v + (1 - ρ) g'²; d = g' √(u + ε) / √(v + ε); u = ρ u + (1 - ρ) d²; w -= η d.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func adadelta<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    square: UnsafeMutablePointer<S>, stepSquare: UnsafeMutablePointer<S>, count: Int,
    rows: RowSet? = nil, _ step: Step, rho: Double, epsilon: Double, pool: WorkerPool
  ) {
    let (rate, decay, scale) = step.numbers(S.self)
    let (keep, add, epsilon) = (S(rho), S(1 - rho), S(epsilon))
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.adadelta(
          (values + first).asFloat, gradients.asFloat, (square + first).asFloat,
          (stepSquare + first).asFloat, range.count, Float(rate), Float(decay), Float(scale),
          Float(keep), Float(add), Float(epsilon))
      } else {
        for i in range {
          let gradient = scale * gradients[i - first] + decay * values[i]
          square[i] = keep * square[i] + add * gradient * gradient
          let root = (stepSquare[i] + epsilon).squareRoot() / (square[i] + epsilon).squareRoot()
          let delta = gradient * root
          stepSquare[i] = keep * stepSquare[i] + add * delta * delta
          values[i] -= rate * delta
        }
      }
    }
  }
}
