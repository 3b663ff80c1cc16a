import TensorCore

/// Functions of single elements and their derivatives, one a file.
///
/// Forward writes y = f(x), y may be x. Backward writes dx = dy f', or adds it with `accumulate`; dx may be dy unless it
/// accumulates. Where f' follows from y, backward takes the output, so that the input need not be kept.
public enum Activations {
  typealias VectorForward = (
    VectorKernels, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
  ) -> Void
  typealias VectorBackward = (
    VectorKernels, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int,
    Bool
  ) -> Void

  @inline(__always)
  static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int, pool: WorkerPool,
    vector: VectorForward, reference: (S) -> S
  ) {
    pool.run(elements: count) { range in
      if let vectors = S.vectors {
        vector(
          vectors, (x + range.lowerBound).asFloat, (y + range.lowerBound).asFloat, range.count)
      } else {
        for i in range { y[i] = reference(x[i]) }
      }
    }
  }

  /// - Parameters:
  ///   - values: the input or the output, whichever `slope` is a function of.
  ///   - slope: f'.
  @inline(__always)
  static func backward<S: Scalar>(
    _ values: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    count: Int, accumulate: Bool, pool: WorkerPool, vector: VectorBackward, slope: (S) -> S
  ) {
    pool.run(elements: count) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vector(
          vectors,
          (values + first).asFloat, (dy + first).asFloat, (dx + first).asFloat, range.count,
          accumulate)
      } else {
        for i in range {
          let gradient = dy[i] * slope(values[i])
          dx[i] = accumulate ? dx[i] + gradient : gradient
        }
      }
    }
  }
}
