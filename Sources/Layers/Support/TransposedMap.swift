import GraphIR
import Kernels
import TensorCore

/// y = x Wᵀ + b on rows: x is [rows, features], W is [units, features], b is [units] or absent.
struct TransposedMap {
  let rows: Int
  let features: Int
  let units: Int

  func forward<S: Scalar>(
    _ x: UnsafePointer<S>, _ kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    parallelGEMM(
      pool, transposeB: true, m: rows, n: units, k: features, x, lda: features, kernel,
      ldb: features, bias: bias, into: y, ldc: units)
  }

  /// dx = dy W, or dx += that, where it is asked for.
  func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, _ kernel: UnsafePointer<S>, into gradient: Gradient<S>?,
    pool: WorkerPool
  ) {
    guard let gradient else { return }
    parallelGEMM(
      pool, m: rows, n: features, k: units, dy, lda: units, kernel, ldb: features,
      accumulate: gradient.accumulates, into: gradient.view.base, ldc: features)
  }

  /// dW = dyᵀ x, where it is asked for.
  func kernelGradient<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, into gradient: Gradient<S>?, pool: WorkerPool
  ) {
    guard let gradient else { return }
    parallelGEMM(
      pool, transposeA: true, m: units, n: features, k: rows, dy, lda: units, x, ldb: features,
      accumulate: gradient.accumulates, into: gradient.view.base, ldc: features)
  }

  /// How much scratch `biasGradient` wants.
  var biasScratchCount: Int { Bias.columnSumsScratchCount(rows: rows, columns: units) }

  /// db = Σ dy over the rows, where it is asked for.
  func biasGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, into gradient: Gradient<S>?, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    guard let gradient else { return }
    Bias.columnSums(
      dy, rows: rows, columns: units, into: gradient.view.base, accumulate: gradient.accumulates,
      scratch: scratch, pool: pool)
  }
}
