public import TensorCore

/// y = x W + b on rows: x is [rows, features], W is [features, units], b is [units] or absent.
///
/// If transposed, W is [units, features] and y = x Wᵀ + b.
public struct AffineMap: Sendable {
  public let rows: Int
  public let features: Int
  public let units: Int
  public let isTransposed: Bool

  public init(rows: Int, features: Int, units: Int, isTransposed: Bool = false) {
    (self.rows, self.features, self.units) = (rows, features, units)
    self.isTransposed = isTransposed
  }

  public func forward<S: Scalar>(
    _ x: UnsafePointer<S>, _ kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    parallelGEMM(
      pool, transposeB: isTransposed, m: rows, n: units, k: features, x, lda: features, kernel,
      ldb: isTransposed ? features : units, bias: bias, into: y, ldc: units)
  }

  /// How much scratch `gradients` wants.
  public var gradientScratchCount: Int {
    rows + Bias.columnSumsScratchCount(rows: rows, columns: units)
  }

  /// dx = dy Wᵀ, dW = xᵀ dy and db = Σ dy over the rows, or what is there plus that, where they are asked for.
  ///
  /// Rows whose dy is 0 take no part in sums over rows, so those of padding change no bit, however many they are. The
  /// products are one job: none waits for another, so none may write what another reads.
  ///
  /// - Parameters:
  ///   - mask: for each row, 0 where it takes no part, whatever its dy; nil where dy tells.
  ///   - scratch: `gradientScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func gradients<S: Scalar>(
    _ x: UnsafePointer<S>, _ kernel: UnsafePointer<S>, _ dy: UnsafePointer<S>,
    mask: UnsafePointer<S>? = nil, dx: Gradient<S>?, dkernel: Gradient<S>?, dbias: Gradient<S>?,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let input = dx.map { dx in
      TiledProduct(
        transposeB: !isTransposed, m: rows, n: features, k: units, dy, lda: units, kernel,
        ldb: isTransposed ? features : units, accumulate: dx.accumulates, into: dx.view.base,
        ldc: features, threads: pool.threads)
    }
    let listed =
      dkernel == nil && dbias == nil
      ? nil
      : NonzeroRows(
        of: mask ?? dy, rows: rows, columns: mask == nil ? units : 1, scratch: scratch, pool: pool)
    let products = dkernel.map { dkernel in
      RowProducts(
        rows: rows, m: isTransposed ? units : features, n: isTransposed ? features : units,
        isTransposed ? dy : x, isTransposed ? x : dy, listed: listed,
        accumulate: dkernel.accumulates, into: dkernel.view.base, threads: pool.threads)
    }
    let sums = dbias.map { dbias in
      ColumnSums(
        dy, rows: rows, columns: units, listed: listed, into: dbias.view.base,
        accumulate: dbias.accumulates, scratch: scratch + rows)
    }
    let inputTiles = input?.tiles.count ?? 0
    pool.run(
      chunks: products?.tiles.count ?? 0, { products?.compute(tile: $0) },
      alongside: inputTiles + (sums?.chunks.count ?? 0),
      { number in
        if number < inputTiles {
          input?.compute(tile: number)
        } else {
          sums?.compute(chunk: number - inputTiles)
        }
      })
    sums?.finish(pool: pool)
  }
}
