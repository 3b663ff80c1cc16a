import CSIMD
public import TensorCore

/// What training does to weights and gradients beside the step itself, in flat memory.
public enum Weights {
  /// g += l1 sign(w) + 2 l2 w: the gradient of the penalty l1 Σ|w| + l2 Σw².
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func addPenaltyGradient<S: Scalar>(
    of values: UnsafePointer<S>, l1: Double, l2: Double, to gradients: UnsafeMutablePointer<S>,
    count: Int, pool: WorkerPool
  ) {
    let (l1, twice) = (S(l1), S(2 * l2))
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.penalty(
          (values + first).asFloat, (gradients + first).asFloat, range.count, Float(l1),
          Float(twice))
      } else {
        for i in range {
          let sign: S = values[i] > 0 ? 1 : values[i] < 0 ? -1 : 0
          gradients[i] += l1 * sign + twice * values[i]
        }
      }
    }
  }

  /// a += (1 - decay) (w - a), an exponential moving average.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func average<S: Scalar>(
    _ values: UnsafePointer<S>, into averages: UnsafeMutablePointer<S>, decay: Double, count: Int,
    pool: WorkerPool
  ) {
    let share = S(1 - decay)
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.moving_average(
          (averages + first).asFloat, (values + first).asFloat, range.count, Float(share))
      } else {
        for i in range { averages[i] += share * (values[i] - averages[i]) }
      }
    }
  }
}
