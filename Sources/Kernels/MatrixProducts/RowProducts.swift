import CSIMD
import TensorCore

/// C = Σᵣ a[r]ᵀ b[r], or C += that: the gradient of what all rows are multiplied by.
///
/// Where only some rows are listed, the sum is bit for bit what it would be if these were all.
struct RowProducts<S: Scalar> {
  let tiles: ProductTiles
  private let m: Int
  private let n: Int
  private let a: UnsafePointer<S>
  private let b: UnsafePointer<S>
  private let listed: NonzeroRows<S>?
  private let accumulate: Bool
  private let c: UnsafeMutablePointer<S>
  /// Where all rows are summed.
  private let product: TiledProduct<S>

  /// - Parameters:
  ///   - a: [rows, m].
  ///   - b: [rows, n].
  ///   - listed: the rows that are summed; nil for all.
  ///   - c: [m, n].
  init(
    rows: Int, m: Int, n: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>,
    listed: NonzeroRows<S>?, accumulate: Bool, into c: UnsafeMutablePointer<S>, threads: Int
  ) {
    (self.m, self.n, self.a, self.b, self.listed) = (m, n, a, b, listed)
    (self.accumulate, self.c) = (accumulate, c)
    product = TiledProduct(
      transposeA: true, m: m, n: n, k: listed?.count ?? rows, a, lda: m, b, ldb: n,
      accumulate: accumulate, into: c, ldc: n, threads: threads)
    tiles = product.tiles
  }

  func compute(tile: Int) {
    guard let listed else { return product.compute(tile: tile) }
    let (rows, columns) = tiles.tile(tile)
    let (a, b) = (a + rows.lowerBound, b + columns.lowerBound)
    let c = c + rows.lowerBound * n + columns.lowerBound
    if let vectors = S.vectors {
      vectors.tiles.listed_products(
        listed.numbers.asFloat, Int64(listed.count), Int64(rows.count), Int64(columns.count),
        a.asFloat, Int64(m), b.asFloat, Int64(n), accumulate, c.asFloat, Int64(n))
      return
    }
    // OpenBLAS cannot leave out rows.
    let (height, width) = (rows.count, columns.count)
    withUnsafeTemporaryAllocation(of: S.self, capacity: listed.count * (height + width)) { memory in
      guard let x = memory.baseAddress else { return }
      let y = x + listed.count * height
      for place in 0..<listed.count {
        (x + place * height).initialize(from: a + listed[place] * m, count: height)
        (y + place * width).initialize(from: b + listed[place] * n, count: width)
      }
      gemm(
        transposeA: true, m: height, n: width, k: listed.count, x, lda: height, y, ldb: width,
        accumulate: accumulate, into: c, ldc: n)
    }
  }
}
