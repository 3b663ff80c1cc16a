public import TensorCore

/// Losses that are sums over elements of a function of one prediction p and one target t.
///
/// `sum` gives the loss times the number of elements; a gradient is dp = factor ∂/∂p, or dp += that. That of the
/// target, where the function is one of p - t, is the same with the other sign.
public enum ElementLosses {
  /// A function of p and t, and its derivative by p.
  public enum Function: Sendable {
    /// (p - t)².
    case squared
    /// |p - t|; its derivative at zero is taken as zero.
    case absolute
    /// ½ (p - t)² up to a distance of delta, delta (|p - t| - ½ delta) beyond (Huber 1964).
    case huber(delta: Double)
    /// -t ln σ(p) - (1 - t) ln (1 - σ(p)), from the logit p, as max(p, 0) - p t + ln(1 + e^-|p|), which never overflows.
    case logistic
  }

  /// Σ f(p, t).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sum<S: Scalar>(
    _ function: Function, _ p: UnsafePointer<S>, _ t: UnsafePointer<S>, count: Int,
    pool: WorkerPool
  ) -> Double {
    switch function {
    case .squared: sum(count, pool) { (p[$0] - t[$0]) * (p[$0] - t[$0]) }
    case .absolute: sum(count, pool) { (p[$0] - t[$0]).magnitude }
    case .huber(let delta):
      sum(count, pool) {
        let (distance, delta) = ((p[$0] - t[$0]).magnitude, S(delta))
        return distance <= delta
          ? distance * distance / 2 : delta * (distance - delta / 2)
      }
    case .logistic: sum(count, pool) { logistic(p[$0], t[$0]) }
    }
  }

  /// Σ f(p, t) for one t.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func logisticSum<S: Scalar>(
    _ p: UnsafePointer<S>, target: S, count: Int, pool: WorkerPool
  ) -> Double {
    sum(count, pool) { logistic(p[$0], target) }
  }

  /// dp = factor ∂f/∂p.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func gradient<S: Scalar>(
    _ function: Function, _ p: UnsafePointer<S>, _ t: UnsafePointer<S>, factor: S,
    into dp: UnsafeMutablePointer<S>, count: Int, accumulate: Bool, pool: WorkerPool
  ) {
    switch function {
    case .squared: write(dp, factor, count, accumulate, pool) { 2 * (p[$0] - t[$0]) }
    case .absolute:
      write(dp, factor, count, accumulate, pool) { p[$0] > t[$0] ? 1 : p[$0] < t[$0] ? -1 : 0 }
    case .huber(let delta):
      write(dp, factor, count, accumulate, pool) {
        let (distance, delta) = (p[$0] - t[$0], S(delta))
        return distance > delta ? delta : distance < -delta ? -delta : distance
      }
    case .logistic: write(dp, factor, count, accumulate, pool) { sigmoid(p[$0]) - t[$0] }
    }
  }

  /// dp = factor ∂f/∂p for one t.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func logisticGradient<S: Scalar>(
    _ p: UnsafePointer<S>, target: S, factor: S, into dp: UnsafeMutablePointer<S>, count: Int,
    accumulate: Bool, pool: WorkerPool
  ) {
    write(dp, factor, count, accumulate, pool) { sigmoid(p[$0]) - target }
  }

  @inline(__always)
  private static func logistic<S: Scalar>(_ p: S, _ t: S) -> S {
    max(p, 0) - p * t + S.log(onePlus: S.exp(-p.magnitude))
  }

  @inline(__always)
  private static func sigmoid<S: Scalar>(_ p: S) -> S { 1 / (1 + S.exp(-p)) }

  @inline(__always)
  private static func sum<S: Scalar>(
    _ count: Int, _ pool: WorkerPool, _ value: (Int) -> S
  ) -> Double {
    Reduction.total(count, pool) { range in
      var sum = 0.0
      for i in range { sum += Double(value(i)) }
      return sum
    }
  }

  @inline(__always)
  private static func write<S: Scalar>(
    _ dp: UnsafeMutablePointer<S>, _ factor: S, _ count: Int, _ accumulate: Bool,
    _ pool: WorkerPool, _ derivative: (Int) -> S
  ) {
    pool.run(elements: count) { range in
      for i in range {
        let gradient = factor * derivative(i)
        dp[i] = accumulate ? dp[i] + gradient : gradient
      }
    }
  }
}
