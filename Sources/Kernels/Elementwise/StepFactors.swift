import CSIMD
public import TensorCore

/// Factors that all steps of a sequence share: y[n, t, f] = x[n, t, f] a[n, f].
public enum StepFactors {
  /// y = x a, or y += x a, for sequences [batch, steps, features] and factors [batch, features]; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func multiply<S: Scalar>(
    _ x: UnsafePointer<S>, by factors: UnsafePointer<S>, into y: UnsafeMutablePointer<S>,
    batch: Int, steps: Int, features: Int, accumulate: Bool = false, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: batch, of: steps * features)) { sequences in
      for sequence in sequences {
        let factors = factors + sequence * features
        for step in sequence * steps..<(sequence + 1) * steps {
          let (x, y) = (x + step * features, y + step * features)
          if let vectors = S.vectors {
            let multiply =
              (accumulate ? vectors.elementwise.multiply_add : vectors.elementwise.multiply)!
            multiply(x.asFloat, factors.asFloat, y.asFloat, features)
          } else {
            for f in 0..<features {
              y[f] = accumulate ? y[f] + x[f] * factors[f] : x[f] * factors[f]
            }
          }
        }
      }
    }
  }
}
