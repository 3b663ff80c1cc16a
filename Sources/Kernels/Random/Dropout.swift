import CSIMD
public import TensorCore

/// Elements dropped at random, those that stay scaled up in turn (Srivastava et al. 2014, "inverted").
///
/// Element i stays if word i of the stream is at least rate 2³². The stream is a function of its index, so backward
/// finds the mask of forward again and no memory holds it.
public enum Dropout {
  /// y = x / (1 - rate) where the element stays, else 0; y may be x.
  ///
  /// - Parameters:
  ///   - rate: the share that is dropped, from 0 to below 1.
  ///   - accumulate: adds to y, which then may not be x: for the gradient, as the function is its own derivative.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func apply<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, rate: Double,
    random: RandomStream, accumulate: Bool = false, pool: WorkerPool
  ) {
    let threshold = threshold(rate: rate)
    let scale = S(1 / (1 - rate))
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.dropout(
          (x + first).asFloat, (y + first).asFloat, range.count, random.forVectors,
          UInt32(truncatingIfNeeded: first / 4), threshold, Float(scale), accumulate)
      } else {
        for i in range {
          let value = random.word(i) >= threshold ? scale * x[i] : 0
          y[i] = accumulate ? y[i] + value : value
        }
      }
    }
  }

  /// The same in place for one row, on the calling thread; the row begins at word `first`, a multiple of 4.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func apply<S: Scalar>(
    row x: UnsafeMutablePointer<S>, count: Int, rate: Double, random: RandomStream, first: Int
  ) {
    let threshold = threshold(rate: rate)
    let scale = S(1 / (1 - rate))
    if let vectors = S.vectors {
      vectors.training.dropout(
        x.asFloat, x.asFloat, count, random.forVectors, UInt32(truncatingIfNeeded: first / 4),
        threshold, Float(scale), false)
    } else {
      for i in 0..<count { x[i] = random.word(first + i) >= threshold ? scale * x[i] : 0 }
    }
  }

  /// The least word that keeps its element.
  static func threshold(rate: Double) -> UInt32 {
    UInt32(min(max(0, rate * 0x1p32), Double(UInt32.max)))
  }
}
