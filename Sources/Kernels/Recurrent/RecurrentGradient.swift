public import TensorCore

/// The gradient of a recurrent kernel, as one product over all steps.
public enum RecurrentGradient {
  /// dU = Σ h[n, t-1]ᵀ dz[n, t], or dU += that; clears dz of the first steps.
  ///
  /// Every h times dz of the step behind it is one product of all h but the last with all dz but the first; what
  /// meets there of two sequences, an end and a beginning, counts nothing once the beginnings are zero.
  ///
  /// - Parameters:
  ///   - hidden: h [N, T, U].
  ///   - gates: dz [N, T, columns], in rows of `width`.
  ///   - gradient: [U, columns], in rows of `stride`.
  public static func write<S: Scalar>(
    hidden: UnsafePointer<S>, gates: UnsafeMutablePointer<S>, width: Int, _ sequences: Sequences,
    units: Int, columns: Int, into gradient: UnsafeMutablePointer<S>, stride: Int,
    accumulate: Bool, pool: WorkerPool
  ) {
    for n in 0..<sequences.batch {
      (gates + n * sequences.steps * width).update(repeating: 0, count: columns)
    }
    parallelGEMM(
      pool, transposeA: true, m: units, n: columns, k: sequences.rows - 1, hidden, lda: units,
      gates + width, ldb: width, accumulate: accumulate, into: gradient, ldc: stride)
  }
}
