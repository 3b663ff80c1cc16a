public import TensorCore

/// The arithmetic of batch normalisation that is done once a channel, between the passes over all rows.
public enum BatchFactors {
  /// inverse[c] = 1 / √(variance[c] + epsilon); may lie where the variance lies.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func inverseDeviations<S: Scalar>(
    _ variance: UnsafePointer<S>, epsilon: S, into inverse: UnsafeMutablePointer<S>, count: Int
  ) {
    for c in 0..<count { inverse[c] = 1 / (variance[c] + epsilon).squareRoot() }
  }

  /// scale[c] = gamma[c] inverse[c] and offset[c] = beta[c] - mean[c] scale[c], so that (x - mean) inverse gamma + beta =
  /// x scale + offset; a gamma that is nil is 1, a beta that is nil is 0.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func affine<S: Scalar>(
    gamma: UnsafePointer<S>?, beta: UnsafePointer<S>?, mean: UnsafePointer<S>,
    inverse: UnsafePointer<S>, scale: UnsafeMutablePointer<S>, offset: UnsafeMutablePointer<S>,
    count: Int
  ) {
    for c in 0..<count {
      scale[c] = (gamma?[c] ?? 1) * inverse[c]
      offset[c] = (beta?[c] ?? 0) - mean[c] * scale[c]
    }
  }

  /// moving[c] = momentum moving[c] + (1 - momentum) batch[c].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func move<S: Scalar>(
    _ moving: UnsafeMutablePointer<S>, towards batch: UnsafePointer<S>, momentum: S, count: Int
  ) {
    for c in 0..<count { moving[c] = momentum * moving[c] + (1 - momentum) * batch[c] }
  }

  /// sums[c] of dy (x - mean) become those of dy x̂, the gradient of gamma: sums[c] *= inverse[c].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func normalize<S: Scalar>(
    _ sums: UnsafeMutablePointer<S>, inverse: UnsafePointer<S>, count: Int
  ) {
    for c in 0..<count { sums[c] *= inverse[c] }
  }

  /// The factors of dx = a dy + b x + d where mean and variance are those of the batch of `rows`:
  ///
  ///     a = gamma inverse    b = -a inverse dgamma / rows    d = -a dbeta / rows - b mean
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func gradientFactors<S: Scalar>(
    gamma: UnsafePointer<S>?, mean: UnsafePointer<S>, inverse: UnsafePointer<S>,
    dgamma: UnsafePointer<S>, dbeta: UnsafePointer<S>, rows: Int, a: UnsafeMutablePointer<S>,
    b: UnsafeMutablePointer<S>, d: UnsafeMutablePointer<S>, count: Int
  ) {
    for c in 0..<count {
      a[c] = (gamma?[c] ?? 1) * inverse[c]
      b[c] = -a[c] * inverse[c] * dgamma[c] / S(rows)
      d[c] = -a[c] * dbeta[c] / S(rows) - b[c] * mean[c]
    }
  }

  /// The same where mean and variance are constants: dx = a dy.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func constantFactors<S: Scalar>(
    gamma: UnsafePointer<S>?, inverse: UnsafePointer<S>, a: UnsafeMutablePointer<S>,
    b: UnsafeMutablePointer<S>, d: UnsafeMutablePointer<S>, count: Int
  ) {
    for c in 0..<count {
      a[c] = (gamma?[c] ?? 1) * inverse[c]
      b[c] = 0
      d[c] = 0
    }
  }
}
