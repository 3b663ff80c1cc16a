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

  /// How much scratch `parameterGradients` wants.
  var gradientScratchCount: Int {
    rows + Bias.columnSumsScratchCount(rows: rows, columns: units)
  }

  /// dW = xᵀ dy and db = Σ dy over the rows, where they are asked for.
  ///
  /// Rows whose dy is 0 take no part, so those of padding change no bit, however many they are.
  ///
  /// - Parameter mask: for each row, 0 where it takes no part, whatever its dy; nil where dy tells.
  func parameterGradients<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, mask: UnsafePointer<S>? = nil,
    kernel: Gradient<S>?, bias: Gradient<S>?, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    if kernel == nil, bias == nil { return }
    let listed = NonzeroRows(
      of: mask ?? dy, rows: rows, columns: mask == nil ? units : 1, scratch: scratch, pool: pool)
    if let kernel {
      rowProducts(
        pool, rows: rows, m: features, n: units, x, dy, listed: listed,
        accumulate: kernel.accumulates, into: kernel.view.base)
    }
    if let bias {
      Bias.columnSums(
        dy, rows: rows, columns: units, listed: listed, into: bias.view.base,
        accumulate: bias.accumulates, scratch: scratch + rows, pool: pool)
    }
  }
}
