import CSIMD
public import TensorCore

extension OptimizerUpdates {
  /// Adagrad (Duchi, Hazan and Singer 2011): s = s + start + g'²; w -= η g' / (√s + ε).
  ///
  /// - Parameter start: what the sum begins with, at the first step; 0 later.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func adagrad<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>, sum: UnsafeMutablePointer<S>,
    count: Int, rows: RowSet? = nil, _ step: Step, start: Double, epsilon: Double, pool: WorkerPool
  ) {
    let (rate, decay, scale) = step.numbers(S.self)
    let (start, epsilon) = (S(start), S(epsilon))
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.adagrad(
          (values + first).asFloat, gradients.asFloat, (sum + first).asFloat,
          range.count, Float(rate), Float(decay), Float(scale), Float(start), Float(epsilon))
      } else {
        for i in range {
          let gradient = scale * gradients[i - first] + decay * values[i]
          sum[i] = (sum[i] + start) + gradient * gradient
          values[i] -= rate * gradient / (sum[i].squareRoot() + epsilon)
        }
      }
    }
  }
}
