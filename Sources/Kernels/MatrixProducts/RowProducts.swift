import CSIMD
public import TensorCore

/// C = Σᵣ a[r]ᵀ b[r], or C += that: the gradient of what all rows are multiplied by.
///
/// Where only some rows are listed, the sum is bit for bit what it would be if these were all.
///
/// - Parameters:
///   - a: [rows, m].
///   - b: [rows, n].
///   - listed: the rows that are summed; nil for all.
///   - c: [m, n].
public func rowProducts<S: Scalar>(
  _ pool: WorkerPool, rows: Int, m: Int, n: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>,
  listed: NonzeroRows<S>?, accumulate: Bool, into c: UnsafeMutablePointer<S>
) {
  func multiply(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, rows: Int) {
    parallelGEMM(
      pool, transposeA: true, m: m, n: n, k: rows, a, lda: m, b, ldb: n, accumulate: accumulate,
      into: c, ldc: n)
  }
  guard let listed else { return multiply(a, b, rows: rows) }
  guard S.isFloat, RegisterTiles.areAvailable else {
    // OpenBLAS cannot leave out rows.
    return withUnsafeTemporaryAllocation(of: S.self, capacity: listed.count * (m + n)) { memory in
      guard let base = memory.baseAddress else { return }
      let (x, y) = (base, base + listed.count * m)
      for place in 0..<listed.count {
        (x + place * m).initialize(from: a + listed[place] * m, count: m)
        (y + place * n).initialize(from: b + listed[place] * n, count: n)
      }
      multiply(x, y, rows: listed.count)
    }
  }
  let tiles = ProductTiles(m: m, n: n, k: listed.count)
  pool.run(chunks: tiles.count) { tile in
    let (rows, columns) = tiles.tile(tile)
    csimd_listed_products(
      listed.numbers.asFloat, Int64(listed.count), Int64(rows.count), Int64(columns.count),
      (a + rows.lowerBound).asFloat, Int64(m), (b + columns.lowerBound).asFloat, Int64(n),
      accumulate, (c + rows.lowerBound * n + columns.lowerBound).asFloat, Int64(n))
  }
}
