import CSIMD
public import TensorCore

/// Arithmetic on single elements. Where nothing else is said, the destination may be one of the sources.
public enum Elementwise {
  /// y = value.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func fill<S: Scalar>(
    _ value: S, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool
  ) {
    pool.run(elements: count) { (y + $0.lowerBound).update(repeating: value, count: $0.count) }
  }

  /// y = x, or y += x.
  public static func copy<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, accumulate: Bool = false,
    pool: WorkerPool
  ) {
    if accumulate {
      add(x, y, into: y, count: count, pool: pool)
    } else {
      pool.run(elements: count) {
        (y + $0.lowerBound).update(from: x + $0.lowerBound, count: $0.count)
      }
    }
  }

  /// c = a + b.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func add<S: Scalar>(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, count: Int,
    pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.elementwise.add(
          (a + first).asFloat, (b + first).asFloat, (c + first).asFloat, range.count)
      } else {
        for i in range { c[i] = a[i] + b[i] }
      }
    }
  }

  /// c = a - b.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func subtract<S: Scalar>(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, count: Int,
    pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.elementwise.subtract(
          (a + first).asFloat, (b + first).asFloat, (c + first).asFloat, range.count)
      } else {
        for i in range { c[i] = a[i] - b[i] }
      }
    }
  }

  /// c = a b, or c += a b.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func multiply<S: Scalar>(
    _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, count: Int,
    accumulate: Bool = false, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        let multiply =
          (accumulate ? vectors.elementwise.multiply_add : vectors.elementwise.multiply)!
        multiply((a + first).asFloat, (b + first).asFloat, (c + first).asFloat, range.count)
      } else {
        for i in range { c[i] = accumulate ? c[i] + a[i] * b[i] : a[i] * b[i] }
      }
    }
  }

  /// y = factor x, or y += factor x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func scale<S: Scalar>(
    _ x: UnsafePointer<S>, by factor: S, into y: UnsafeMutablePointer<S>, count: Int,
    accumulate: Bool = false, pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        let scale = (accumulate ? vectors.elementwise.scale_add : vectors.elementwise.scale)!
        scale(Float(factor), (x + first).asFloat, (y + first).asFloat, range.count)
      } else {
        for i in range { y[i] = accumulate ? y[i] + factor * x[i] : factor * x[i] }
      }
    }
  }

  /// y += factor x.
  public static func axpy<S: Scalar>(
    _ factor: S, _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int,
    pool: WorkerPool
  ) {
    scale(x, by: factor, into: y, count: count, accumulate: true, pool: pool)
  }

  /// y = x, no lower than `low` and no higher than `high`; what is not a number stays so.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func clip<S: Scalar>(
    _ x: UnsafePointer<S>, low: S, high: S, into y: UnsafeMutablePointer<S>, count: Int,
    pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.elementwise.clip(
          (x + first).asFloat, Float(low), Float(high), (y + first).asFloat, range.count)
      } else {
        for i in range { y[i] = x[i] < low ? low : x[i] > high ? high : x[i] }
      }
    }
  }
}
