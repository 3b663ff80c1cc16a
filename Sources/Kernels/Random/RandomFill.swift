import CSIMD
public import TensorCore

/// Memory filled with the numbers of a stream, element i by its index i.
///
/// `Float` is computed in single precision by its own polynomials: what the stream's `uniform` and `normal` say, to
/// some units in the last place, which may differ between kinds of processor. Whoever needs the same bits
/// everywhere (initial weights) asks the stream itself.
public enum RandomFill {
  /// y = low + (high - low) u, u from [0, 1).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func uniform<S: Scalar>(
    into y: UnsafeMutablePointer<S>, count: Int, low: Double = 0, high: Double = 1,
    random: RandomStream, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.uniform(
          (y + first).asFloat, range.count, random.forVectors,
          UInt32(truncatingIfNeeded: first / 4), Float(low), Float(high - low))
      } else {
        for i in range { y[i] = S(low + (high - low) * random.uniform(i)) }
      }
    }
  }

  /// y = mean + deviation z, z of the standard normal distribution.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func normal<S: Scalar>(
    into y: UnsafeMutablePointer<S>, count: Int, mean: Double = 0, deviation: Double = 1,
    random: RandomStream, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.normal(
          nil, (y + first).asFloat, range.count, random.forVectors,
          UInt32(truncatingIfNeeded: first / 4), Float(mean), Float(deviation))
      } else {
        for i in range { y[i] = S(mean + deviation * random.normal(i)) }
      }
    }
  }

  /// y = x + deviation z: noise; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func addNormal<S: Scalar>(
    to x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, deviation: Double,
    random: RandomStream, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.normal(
          (x + first).asFloat, (y + first).asFloat, range.count, random.forVectors,
          UInt32(truncatingIfNeeded: first / 4), 0, Float(deviation))
      } else {
        for i in range { y[i] = x[i] + S(deviation * random.normal(i)) }
      }
    }
  }

  /// The words of the stream themselves.
  public static func words(
    into words: UnsafeMutablePointer<UInt32>, count: Int, random: RandomStream, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      VectorKernels.current.training.random_words(
        words + range.lowerBound, range.count, random.forVectors,
        UInt32(truncatingIfNeeded: range.lowerBound / 4))
    }
  }
}
