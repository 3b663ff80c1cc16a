import GraphIR
import Kernels
import TensorCore

/// y = x W + b on rows: x is [rows, features], W is [features, units], b is [units] or absent.
struct AffineMap {
  let rows: Int
  let features: Int
  let units: Int

  func forward<S: Scalar>(
    _ x: UnsafePointer<S>, _ kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    parallelGEMM(
      pool, m: rows, n: units, k: features, x, lda: features, kernel, ldb: units, bias: bias,
      into: y, ldc: units)
  }

  /// dx = dy Wᵀ, or dx += that.
  func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, _ kernel: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, pool: WorkerPool
  ) {
    parallelGEMM(
      pool, transposeB: true, m: rows, n: features, k: units, dy, lda: units, kernel, ldb: units,
      accumulate: accumulate, into: dx, ldc: features)
  }

  /// dW = xᵀ dy, where it is asked for.
  ///
  /// - Parameter padded: of sequences of which some steps are padding, whose dy is 0.
  func kernelGradient<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, into gradient: Gradient<S>?,
    padded: PaddedSums<S>? = nil, pool: WorkerPool
  ) {
    guard let gradient else { return }
    if let padded {
      return padded.products(
        m: features, n: units, x, lda: features, dy, ldb: units,
        accumulate: gradient.accumulates, into: gradient.view.base, ldc: units, pool: pool)
    }
    parallelGEMM(
      pool, transposeA: true, m: features, n: units, k: rows, x, lda: features, dy, ldb: units,
      accumulate: gradient.accumulates, into: gradient.view.base, ldc: units)
  }

  /// How much scratch `biasGradient` wants.
  var biasScratchCount: Int { Bias.columnSumsScratchCount(rows: rows, columns: units) }

  /// db = Σ dy over the rows, where it is asked for.
  func biasGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, into gradient: Gradient<S>?, scratch: UnsafeMutablePointer<S>,
    padded: PaddedSums<S>? = nil, pool: WorkerPool
  ) {
    guard let gradient else { return }
    if let padded {
      return padded.columns(
        dy, units, accumulate: gradient.accumulates, into: gradient.view.base)
    }
    Bias.columnSums(
      dy, rows: rows, columns: units, into: gradient.view.base, accumulate: gradient.accumulates,
      scratch: scratch, pool: pool)
  }
}
