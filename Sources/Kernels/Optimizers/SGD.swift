import CSIMD
public import TensorCore

extension OptimizerUpdates {
  /// w -= η g'.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sgd<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>, count: Int,
    rows: RowSet? = nil, _ step: Step, pool: WorkerPool
  ) {
    let (rate, decay, scale) = step.numbers(S.self)
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.sgd(
          (values + first).asFloat, gradients.asFloat, range.count, Float(rate),
          Float(decay), Float(scale))
      } else {
        for i in range { values[i] -= rate * (scale * gradients[i - first] + decay * values[i]) }
      }
    }
  }

  /// b = μ b + g'; w -= η b, or with `nesterov` w -= η (g' + μ b).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sgd<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    velocity: UnsafeMutablePointer<S>, count: Int, rows: RowSet? = nil, _ step: Step,
    momentum: Double, nesterov: Bool, pool: WorkerPool
  ) {
    let (rate, decay, scale) = step.numbers(S.self)
    let momentum = S(momentum)
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.sgd_momentum(
          (values + first).asFloat, gradients.asFloat, (velocity + first).asFloat,
          range.count, Float(rate), Float(decay), Float(scale), Float(momentum), nesterov)
      } else {
        for i in range {
          let gradient = scale * gradients[i - first] + decay * values[i]
          velocity[i] = momentum * velocity[i] + gradient
          values[i] -= rate * (nesterov ? gradient + momentum * velocity[i] : velocity[i])
        }
      }
    }
  }
}
