public import TensorCore

/// `gemm` with C cut into tiles that the threads share out.
///
/// No tile splits k, so every element of C is one sum in one order, however many tiles there are.
public func parallelGEMM<S: Scalar>(
  _ pool: WorkerPool, transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int,
  alpha: S = 1, _ a: UnsafePointer<S>, lda: Int, _ b: UnsafePointer<S>, ldb: Int,
  accumulate: Bool = false, bias: UnsafePointer<S>? = nil, into c: UnsafeMutablePointer<S>,
  ldc: Int
) {
  let product = TiledProduct(
    transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a, lda: lda,
    b, ldb: ldb, accumulate: accumulate, bias: bias, into: c, ldc: ldc, threads: pool.threads)
  pool.run(chunks: product.tiles.count) { product.compute(tile: $0) }
}

/// A product of `parallelGEMM`, for whoever runs it beside another job.
struct TiledProduct<S: Scalar> {
  let tiles: ProductTiles
  private let transposeA: Bool
  private let transposeB: Bool
  private let k: Int
  private let alpha: S
  private let a: UnsafePointer<S>
  private let lda: Int
  private let b: UnsafePointer<S>
  private let ldb: Int
  private let accumulate: Bool
  private let bias: UnsafePointer<S>?
  private let c: UnsafeMutablePointer<S>
  private let ldc: Int

  init(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: S = 1,
    _ a: UnsafePointer<S>, lda: Int, _ b: UnsafePointer<S>, ldb: Int, accumulate: Bool,
    bias: UnsafePointer<S>? = nil, into c: UnsafeMutablePointer<S>, ldc: Int, threads: Int
  ) {
    tiles = ProductTiles(m: m, n: n, k: k, threads: threads)
    (self.transposeA, self.transposeB, self.k, self.alpha) = (transposeA, transposeB, k, alpha)
    (self.a, self.lda, self.b, self.ldb) = (a, lda, b, ldb)
    (self.accumulate, self.bias, self.c, self.ldc) = (accumulate, bias, c, ldc)
  }

  func compute(tile: Int) {
    let (rows, columns) = tiles.tile(tile)
    gemm(
      transposeA: transposeA, transposeB: transposeB, m: rows.count, n: columns.count, k: k,
      alpha: alpha, a + rows.lowerBound * (transposeA ? 1 : lda), lda: lda,
      b + columns.lowerBound * (transposeB ? ldb : 1), ldb: ldb, accumulate: accumulate,
      bias: bias.map { $0 + columns.lowerBound },
      into: c + rows.lowerBound * ldc + columns.lowerBound, ldc: ldc)
  }
}

/// How a product is cut: into as many tiles as there is work for, or none for one thread. A tile packs its columns of
/// B for all its rows, so tiles are rather high than wide, and no more than 16. No bit depends on it.
struct ProductTiles {
  /// Multiply-adds that make a tile worth handing over: some tens of microseconds.
  static let work = 2_000_000

  private let rows: EvenParts
  private let columns: EvenParts
  var count: Int { rows.count * columns.count }

  init(m: Int, n: Int, k: Int, threads: Int) {
    // With a few rows the time goes into reading B, a few columns take as long as a vector of them, and a few products of
    // an element as long as writing it.
    let wanted =
      threads == 1
      ? 1 : max(1, min(Chunks.mostParts, max(16, m) * max(16, n) * max(16, k) / Self.work))
    var (down, across) = (1, 1)
    while down * across * 2 <= wanted {
      let (height, width) = (m / down, n / across)
      if height >= 512 && height >= width || height >= 256 && width < 128 {
        down *= 2
      } else if width >= 64 {
        across *= 2
      } else if height >= (n <= 32 ? 28 : 112) {
        // A few columns of B are soon packed.
        down *= 2
      } else {
        break
      }
    }
    // Whole tiles of registers.
    rows = EvenParts(of: m, count: down, multipleOf: RegisterTiles.rows)
    columns = EvenParts(of: n, count: across, multipleOf: RegisterTiles.columns)
  }

  func tile(_ index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    (rows.range(index / columns.count), columns.range(index % columns.count))
  }
}
