public import TensorCore

/// The gradient of a recurrent kernel.
public enum RecurrentGradient {
  /// dU = Σ h[n, t-1]ᵀ dz[n, t] over the steps in their order, or dU += that; clears dz of the first steps.
  ///
  /// Every h times dz of the step behind it is one product of all h but the last with all dz but the first; what
  /// meets there of two sequences, an end and a beginning, counts nothing once the beginnings are zero.
  ///
  /// - Parameters:
  ///   - hidden: h [N, T, U].
  ///   - initial: h before the first steps, [N, U]; zeros if nil.
  ///   - gates: dz [N, T, columns], in rows of `width`.
  ///   - gradient: [U, columns], in rows of `stride`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func write<S: Scalar>(
    hidden: UnsafePointer<S>, initial: UnsafePointer<S>?, gates: UnsafeMutablePointer<S>,
    width: Int, _ sequences: Sequences<S>, units: Int, columns: Int,
    into gradient: UnsafeMutablePointer<S>, stride: Int, accumulate: Bool, pool: WorkerPool
  ) {
    let padded = sequences.mask.map {
      PaddedSums(batch: sequences.batch, steps: sequences.steps, mask: $0)
    }
    let firstStep = gates + sequences.time(0) * width
    var accumulate = accumulate
    if let initial, let padded, sequences.isReversed {
      // The first step that counts is not the first of all.
      if !accumulate {
        for row in 0..<units {
          (gradient + row * stride).update(repeating: 0, count: columns)
        }
      }
      padded.addLastSteps(
        m: units, n: columns, initial, gates, ldb: width, to: gradient, ldc: stride)
      accumulate = true
    } else if let initial {
      parallelGEMM(
        pool, transposeA: true, m: units, n: columns, k: sequences.batch, initial, lda: units,
        firstStep, ldb: sequences.steps * width, accumulate: accumulate, into: gradient,
        ldc: stride)
      accumulate = true
    }
    for n in 0..<sequences.batch where padded == nil {
      (firstStep + n * sequences.steps * width).update(repeating: 0, count: columns)
    }
    // How much later in time than its gate an h lies.
    let (leadHidden, leadGates) = sequences.isReversed ? (1, 0) : (0, 1)
    if let padded {
      padded.products(
        m: units, n: columns, hidden, lda: units, leadA: leadHidden, gates, ldb: width,
        leadB: leadGates, accumulate: accumulate, into: gradient, ldc: stride, pool: pool)
    } else {
      parallelGEMM(
        pool, transposeA: true, m: units, n: columns, k: sequences.rows - 1,
        hidden + leadHidden * units, lda: units, gates + leadGates * width, ldb: width,
        accumulate: accumulate, into: gradient, ldc: stride)
    }
  }
}
