import CSIMD
public import TensorCore

extension OptimizerUpdates {
  /// Adam (Kingma and Ba 2015): m = β₁ m + (1 - β₁) g'; v = β₂ v + (1 - β₂) g'²;
  /// w = (1 - shrinkage) w - η (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε).
  ///
  /// AdamW (Loshchilov and Hutter 2019) has no decay in `step` and the shrinkage η λ instead.
  ///
  /// - Parameter number: t.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func adam<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>, mean: UnsafeMutablePointer<S>,
    square: UnsafeMutablePointer<S>, count: Int, rows: RowSet? = nil, number: Int, _ step: Step,
    shrinkage: Double = 0, beta1: Double, beta2: Double, epsilon: Double, pool: WorkerPool
  ) {
    let (_, decay, scale) = step.numbers(S.self)
    let (keep1, add1) = (S(beta1), S(1 - beta1))
    let (keep2, add2) = (S(beta2), S(1 - beta2))
    let (epsilon, kept) = (S(epsilon), S(1 - shrinkage))
    // The corrections are the same for all elements, and exact enough only in `Double`.
    let rate = S(step.learningRate / (1 - Double.pow(beta1, number)))
    let correction = S(1 / (1 - Double.pow(beta2, number)).squareRoot())
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.adam(
          (values + first).asFloat, gradients.asFloat, (mean + first).asFloat,
          (square + first).asFloat, range.count, Float(rate), Float(decay), Float(scale),
          Float(keep1), Float(add1), Float(keep2), Float(add2), Float(correction), Float(epsilon),
          Float(kept))
      } else {
        for i in range {
          let gradient = scale * gradients[i - first] + decay * values[i]
          mean[i] = keep1 * mean[i] + add1 * gradient
          square[i] = keep2 * square[i] + add2 * gradient * gradient
          let root = square[i].squareRoot() * correction + epsilon
          values[i] = kept * values[i] - rate * mean[i] / root
        }
      }
    }
  }
}
