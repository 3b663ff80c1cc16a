import CSIMD
public import TensorCore

/// Sums over all steps of sequences of which some are padding: the gradients of what all steps share.
///
/// Each sequence is summed by itself, up to its last step that counts, one sequence after the other; so how long the
/// padding behind it is changes no bit, and costs nothing. Of products one side must be 0 at padding within.
public struct PaddedSums<S: Scalar>: @unchecked Sendable {
  /// N.
  private let batch: Int
  /// T.
  private let steps: Int
  /// [N, T]: 0 for padding.
  private let mask: UnsafePointer<S>

  public init(batch: Int, steps: Int, mask: UnsafePointer<S>) {
    (self.batch, self.steps, self.mask) = (batch, steps, mask)
  }

  /// How many steps a sequence has up to its last that counts.
  private func length(_ n: Int) -> Int {
    var length = steps
    while length > 0, mask[n * steps + length - 1] == 0 { length -= 1 }
    return length
  }

  /// C = Σ a[n, t s + leadA]ᵀ b[n, t + leadB], or C += that, over t from 0 on where both steps count.
  ///
  /// - Parameters:
  ///   - a: [N, T, m], in rows of `lda`.
  ///   - strideA: s.
  ///   - other: the sequences of a, where they are others than those of b.
  ///   - b: [N, T, n], in rows of `ldb`.
  ///   - c: [m, n], in rows of `ldc`.
  public func products(
    m: Int, n: Int, _ a: UnsafePointer<S>, lda: Int, leadA: Int = 0, strideA: Int = 1,
    of other: PaddedSums? = nil, _ b: UnsafePointer<S>, ldb: Int, leadB: Int = 0,
    accumulate: Bool, into c: UnsafeMutablePointer<S>, ldc: Int, pool: WorkerPool
  ) {
    let tiles = ProductTiles(m: m, n: n, k: batch * 64, threads: pool.threads)
    let source = other ?? self
    pool.run(chunks: tiles.count) { tile in
      let (rows, columns) = tiles.tile(tile)
      let target = c + rows.lowerBound * ldc + columns.lowerBound
      if !accumulate {
        for row in 0..<rows.count {
          (target + row * ldc).update(repeating: 0, count: columns.count)
        }
      }
      for sequence in 0..<batch {
        let count = min(
          length(sequence) - leadB, (source.length(sequence) - leadA + strideA - 1) / strideA)
        guard count > 0 else { continue }
        gemm(
          transposeA: true, transposeB: false, m: rows.count, n: columns.count, k: count,
          a + (sequence * source.steps + leadA) * lda + rows.lowerBound, lda: strideA * lda,
          b + (sequence * steps + leadB) * ldb + columns.lowerBound, ldb: ldb, accumulate: true,
          into: target, ldc: ldc)
      }
    }
  }

  /// C += Σ a[n]ᵀ b[n, t] over the last steps that count.
  ///
  /// - Parameters:
  ///   - a: [N, m].
  ///   - b: [N, T, n], in rows of `ldb`.
  ///   - c: [m, n], in rows of `ldc`.
  func addLastSteps(
    m: Int, n: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, ldb: Int,
    to c: UnsafeMutablePointer<S>, ldc: Int
  ) {
    for sequence in 0..<batch {
      let length = length(sequence)
      guard length > 0 else { continue }
      gemm(
        transposeA: true, transposeB: false, m: m, n: n, k: 1, a + sequence * m, lda: m,
        b + (sequence * steps + length - 1) * ldb, ldb: ldb, accumulate: true, into: c, ldc: ldc)
    }
  }

  /// sums[c] = Σ x[n, t, c], or sums[c] += that; x is [N, T, columns].
  public func columns(
    _ x: UnsafePointer<S>, _ columns: Int, accumulate: Bool, into sums: UnsafeMutablePointer<S>
  ) {
    if !accumulate { sums.update(repeating: 0, count: columns) }
    for row in 0..<batch * steps where mask[row] != 0 {
      Self.add(x + row * columns, count: columns, to: sums)
    }
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  private static func add(
    _ x: UnsafePointer<S>, count: Int, to sums: UnsafeMutablePointer<S>
  ) {
    for c in 0..<count { sums[c] += x[c] }
  }

  /// Writes 0 to the steps of x [N, T, columns] that are padding.
  public func clear(_ x: UnsafeMutablePointer<S>, columns: Int) {
    for row in 0..<batch * steps where mask[row] == 0 {
      (x + row * columns).update(repeating: 0, count: columns)
    }
  }
}
