import CSIMD
public import TensorCore

/// Losses that are sums over elements of a function of one prediction p and one target t.
public enum ElementLosses {
  /// A function of p and t.
  public enum Function: Sendable {
    /// (p - t)².
    case squared
    /// |p - t|; its derivative at zero is taken as zero.
    case absolute
    /// ½ (p - t)² up to a distance of delta, delta (|p - t| - ½ delta) beyond (Huber 1964).
    case huber(delta: Double)
    /// -t ln σ(p) - (1 - t) ln (1 - σ(p)), p being a logit.
    case logistic
  }

  /// What is predicted.
  public enum Targets<S: Scalar> {
    /// A target for each prediction.
    case elements(UnsafePointer<S>)
    /// One target for all.
    case constant(S)
  }

  /// Σ f(p, t).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sum<S: Scalar>(
    _ function: Function, _ p: UnsafePointer<S>, _ targets: Targets<S>, count: Int,
    pool: WorkerPool
  ) -> Double {
    Reduction.total(count, pool) { range in
      if let vectors = S.vectors {
        return sum(
          vectors, function, (p + range.lowerBound).asFloat, at(targets, range), range.count)
      }
      var sum = 0.0
      for i in range { sum += Double(value(function, p[i], target(targets, i))) }
      return sum
    }
  }

  /// dp = factor ∂f/∂p, or dp += that; of a function of p - t, the gradient of the target has the other sign.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func gradient<S: Scalar>(
    _ function: Function, _ p: UnsafePointer<S>, _ targets: Targets<S>, factor: S,
    into dp: UnsafeMutablePointer<S>, count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        gradient(
          vectors, function, (p + first).asFloat, at(targets, range), Float(factor),
          (dp + first).asFloat,
          range.count, accumulate)
        return
      }
      for i in range {
        let gradient = factor * slope(function, p[i], target(targets, i))
        dp[i] = accumulate ? dp[i] + gradient : gradient
      }
    }
  }

  /// f(p, t).
  @inline(__always)
  private static func value<S: Scalar>(_ function: Function, _ p: S, _ t: S) -> S {
    let distance = (p - t).magnitude
    switch function {
    case .squared: return distance * distance
    case .absolute: return distance
    case .huber(let delta):
      let near = distance < S(delta) ? distance : S(delta)
      return near * (distance - near / 2)
    // Never overflows, and keeps the digits of what is nearly right.
    case .logistic: return max(p, 0) - p * t + S.log(onePlus: S.exp(-p.magnitude))
    }
  }

  /// ∂f/∂p.
  @inline(__always)
  private static func slope<S: Scalar>(_ function: Function, _ p: S, _ t: S) -> S {
    let difference = p - t
    switch function {
    case .squared: return 2 * difference
    case .absolute: return difference > 0 ? 1 : difference < 0 ? -1 : 0
    case .huber(let delta):
      return difference > S(delta) ? S(delta) : difference < -S(delta) ? -S(delta) : difference
    case .logistic: return 1 / (1 + S.exp(-p)) - t
    }
  }

  @inline(__always)
  private static func target<S: Scalar>(_ targets: Targets<S>, _ i: Int) -> S {
    switch targets {
    case .elements(let elements): elements[i]
    case .constant(let constant): constant
    }
  }

  /// The targets of a range, as the vector kernels take them.
  @inline(__always)
  private static func at<S: Scalar>(
    _ targets: Targets<S>, _ range: Range<Int>
  ) -> (UnsafePointer<Float>?, Float) {
    switch targets {
    case .elements(let elements): ((elements + range.lowerBound).asFloat, 0)
    case .constant(let constant): (nil, Float(constant))
    }
  }

  private static func sum(
    _ vectors: VectorKernels, _ function: Function, _ p: UnsafePointer<Float>,
    _ t: (UnsafePointer<Float>?, Float),
    _ count: Int
  ) -> Double {
    switch function {
    case .squared: vectors.losses.squared_sum(p, t.0, t.1, count)
    case .absolute: vectors.losses.absolute_sum(p, t.0, t.1, count)
    case .huber(let delta): vectors.losses.huber_sum(p, t.0, t.1, Float(delta), count)
    case .logistic: vectors.losses.logistic_sum(p, t.0, t.1, count)
    }
  }

  private static func gradient(
    _ vectors: VectorKernels, _ function: Function, _ p: UnsafePointer<Float>,
    _ t: (UnsafePointer<Float>?, Float),
    _ factor: Float, _ dp: UnsafeMutablePointer<Float>, _ count: Int, _ accumulate: Bool
  ) {
    switch function {
    case .squared: vectors.losses.squared_gradient(p, t.0, t.1, factor, dp, count, accumulate)
    case .absolute: vectors.losses.absolute_gradient(p, t.0, t.1, factor, dp, count, accumulate)
    case .huber(let delta):
      vectors.losses.huber_gradient(p, t.0, t.1, Float(delta), factor, dp, count, accumulate)
    case .logistic: vectors.losses.logistic_gradient(p, t.0, t.1, factor, dp, count, accumulate)
    }
  }
}
