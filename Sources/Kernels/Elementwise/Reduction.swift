import CSIMD
public import TensorCore

/// Sums over all elements, in chunks summed in order; a chunk's sum is a `Double`.
public enum Reduction {
  /// Σ x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func sum<S: Scalar>(
    _ x: UnsafePointer<S>, count: Int, pool: WorkerPool
  ) -> Double {
    total(count, pool) { range in
      if let vectors = S.vectors {
        return vectors.elementwise.sum((x + range.lowerBound).asFloat, range.count)
      }
      var sum = 0.0
      for i in range { sum += Double(x[i]) }
      return sum
    }
  }

  /// Σ a b.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func dot<S: Scalar>(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, count: Int, pool: WorkerPool
  ) -> Double {
    total(count, pool) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        return vectors.elementwise.dot((a + first).asFloat, (b + first).asFloat, range.count)
      }
      var sum = 0.0
      for i in range { sum += Double(a[i]) * Double(b[i]) }
      return sum
    }
  }

  /// Σ x².
  public static func squaredNorm<S: Scalar>(
    _ x: UnsafePointer<S>, count: Int, pool: WorkerPool
  ) -> Double {
    dot(x, x, count: count, pool: pool)
  }

  /// dots[r] = Σ a[r, c] b[r, c].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func rowDots<S: Scalar>(
    _ a: StridedRows<S>, _ b: StridedRows<S>, rows: Int, columns: Int,
    into dots: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.attention.row_dots(
        a.base.asFloat, a.stride, b.base.asFloat, b.stride, rows, columns, dots.asFloat)
      return
    }
    for row in 0..<rows {
      dots[row] = (0..<columns).reduce(0) { $0 + a[row][$1] * b[row][$1] }
    }
  }

  /// Whether every element is a finite number.
  public static func isFinite<S: Scalar>(
    _ x: UnsafePointer<S>, count: Int, pool: WorkerPool
  ) -> Bool {
    // Zero times anything finite is zero; infinity and what is not a number give what is not a number.
    total(count, pool) { range in
      if let vectors = S.vectors {
        return vectors.elementwise.zero_if_finite((x + range.lowerBound).asFloat, range.count)
      }
      return range.contains { !x[$0].isFinite } ? .nan : 0
    } == 0
  }

  @inline(__always)
  static func total(
    _ count: Int, _ pool: WorkerPool, _ partial: (Range<Int>) -> Double
  ) -> Double {
    let chunks = Chunks(summing: count)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: chunks.count) { partials in
      pool.run(chunks: chunks.count) { partials[$0] = partial(chunks.range($0)) }
      return partials.reduce(0, +)
    }
  }
}
