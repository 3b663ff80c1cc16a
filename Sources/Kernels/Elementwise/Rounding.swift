public import TensorCore

/// Numbers rounded to those of an even grid.
public enum Rounding {
  /// y = round(x steps) / steps: the nearest multiple of 1 / steps, of two the one with the even numerator; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func round<S: Scalar>(
    _ x: UnsafePointer<S>, toParts steps: S, into y: UnsafeMutablePointer<S>, count: Int,
    pool: WorkerPool
  ) {
    pool.run(elements: count) { range in
      for i in range { y[i] = (x[i] * steps).rounded(.toNearestOrEven) / steps }
    }
  }
}
