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

  /// How much scratch `parameterGradients` wants.
  var gradientScratchCount: Int {
    rows + Bias.columnSumsScratchCount(rows: rows, columns: units)
  }

  /// dW = dyᵀ x and db = Σ dy over the rows, where they are asked for.
  ///
  /// Rows whose dy is 0 take no part, so those of padding change no bit, however many they are.
  func parameterGradients<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, kernel: Gradient<S>?, bias: Gradient<S>?,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    if kernel == nil, bias == nil { return }
    let listed = NonzeroRows(of: dy, rows: rows, columns: units, scratch: scratch, pool: pool)
    if let kernel {
      rowProducts(
        pool, rows: rows, m: units, n: features, dy, x, listed: listed,
        accumulate: kernel.accumulates, into: kernel.view.base)
    }
    if let bias {
      Bias.columnSums(
        dy, rows: rows, columns: units, listed: listed, into: bias.view.base,
        accumulate: bias.accumulates, scratch: scratch + rows, pool: pool)
    }
  }
}
