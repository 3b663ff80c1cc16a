import CSIMD
public import TensorCore

/// Normal distributions given by their mean m and the logarithm v of their variance, one for each element (Kingma and
/// Welling 2014).
public enum Gaussian {
  /// y = m + e^(v / 2) z; the noise z becomes e^(v / 2) z / 2, the derivative of y by v.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sample<S: Scalar>(
    mean: UnsafePointer<S>, logVariance: UnsafePointer<S>, noise: UnsafeMutablePointer<S>,
    into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.losses.gaussian_sample(
          (mean + first).asFloat, (logVariance + first).asFloat, (noise + first).asFloat,
          (y + first).asFloat, range.count)
        return
      }
      for i in range {
        let spread = S.exp(logVariance[i] / 2) * noise[i]
        y[i] = mean[i] + spread
        noise[i] = spread / 2
      }
    }
  }

  /// The Kullback-Leibler divergence from the standard normal distribution: Σ (m² + e^v - 1 - v) / 2.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func divergence<S: Scalar>(
    mean: UnsafePointer<S>, logVariance: UnsafePointer<S>, count: Int, pool: WorkerPool
  ) -> Double {
    Reduction.total(count, pool) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        return vectors.losses.gaussian_divergence(
          (mean + first).asFloat, (logVariance + first).asFloat, range.count)
      }
      var sum = 0.0
      for i in range {
        let v = logVariance[i]
        sum += Double(mean[i] * mean[i] + (S.expMinusOne(v) - v)) / 2
      }
      return sum
    }
  }

  /// dv = factor (e^v - 1) / 2, or dv += that: the divergence's gradient by v; that by m is factor m.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func divergenceGradient<S: Scalar>(
    logVariance: UnsafePointer<S>, factor: S, into gradient: UnsafeMutablePointer<S>, count: Int,
    accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.losses.gaussian_divergence_slope(
          (logVariance + first).asFloat, Float(factor), (gradient + first).asFloat, range.count,
          accumulate)
        return
      }
      for i in range {
        let slope = factor * S.expMinusOne(logVariance[i]) / 2
        gradient[i] = accumulate ? gradient[i] + slope : slope
      }
    }
  }
}
