import CSIMD
public import TensorCore

extension OptimizerUpdates {
  /// RMSprop (Hinton 2012): v = ρ v + (1 - ρ) g'²; w -= η g' / (√v + ε).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func rmsprop<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    square: UnsafeMutablePointer<S>, count: Int, rows: RowSet? = nil, _ step: Step, rho: Double,
    epsilon: Double, pool: WorkerPool
  ) {
    let (rate, decay, scale) = step.numbers(S.self)
    let (keep, add, epsilon) = (S(rho), S(1 - rho), S(epsilon))
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.rmsprop(
          (values + first).asFloat, gradients.asFloat, (square + first).asFloat,
          range.count, Float(rate), Float(decay), Float(scale), Float(keep), Float(add),
          Float(epsilon))
      } else {
        for i in range {
          let gradient = scale * gradients[i - first] + decay * values[i]
          square[i] = keep * square[i] + add * gradient * gradient
          values[i] -= rate * gradient / (square[i].squareRoot() + epsilon)
        }
      }
    }
  }

  /// RMSprop with momentum: v as without; b = μ b + g' / (√v + ε); w -= η b.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func rmsprop<S: Scalar>(
    _ values: UnsafeMutablePointer<S>, gradients: UnsafePointer<S>,
    square: UnsafeMutablePointer<S>, velocity: UnsafeMutablePointer<S>, count: Int,
    rows: RowSet? = nil, _ step: Step, rho: Double, epsilon: Double, momentum: Double,
    pool: WorkerPool
  ) {
    let (rate, decay, scale) = step.numbers(S.self)
    let (keep, add, epsilon, momentum) = (S(rho), S(1 - rho), S(epsilon), S(momentum))
    pool.run(elements: count, gradients, rows: rows) { range, gradients in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.rmsprop_momentum(
          (values + first).asFloat, gradients.asFloat, (square + first).asFloat,
          (velocity + first).asFloat, range.count, Float(rate), Float(decay), Float(scale),
          Float(keep), Float(add), Float(epsilon), Float(momentum))
      } else {
        for i in range {
          let gradient = scale * gradients[i - first] + decay * values[i]
          square[i] = keep * square[i] + add * gradient * gradient
          velocity[i] = momentum * velocity[i] + gradient / (square[i].squareRoot() + epsilon)
          values[i] -= rate * velocity[i]
        }
      }
    }
  }
}
