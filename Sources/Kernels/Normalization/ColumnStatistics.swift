import CSIMD
public import TensorCore

/// Sums down the columns of a matrix [rows, columns], as normalisation over a batch takes them: each reads the matrix once.
///
/// Each chunk of rows sums for itself; what they have comes together in their order, so the bits do not
/// depend on the number of threads.
public enum ColumnStatistics {
  /// Elements of a block that stays in the first- or second-level cache between two looks at it.
  private static let block = 8_192

  /// How much scratch each of these functions wants.
  public static func scratchCount(rows: Int, columns: Int) -> Int {
    Chunks(summing: rows, of: columns).count * 4 * columns
  }

  /// The mean of each column, and the mean of the squared distances from it (divided by `rows`).
  ///
  /// The difference of large sums would lose the variance, so each block of rows takes its squares around its own mean,
  /// and blocks A and B join with δ = mean_B - mean_A:
  ///
  ///     mean = mean_A + δ n_B / n    M₂ = M₂_A + M₂_B + δ² n_A n_B / n
  ///
  /// Source: T. Chan, G. Golub, R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func moments<S: Scalar>(
    _ x: UnsafePointer<S>, rows: Int, columns: Int, mean: UnsafeMutablePointer<S>,
    variance: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let chunks = Chunks(summing: rows, of: columns)
    let height = max(16, block / columns)
    pool.run(chunks: chunks.count) { chunk in
      let range = chunks.range(chunk)
      let whole = Moments(scratch + chunk * 4 * columns, columns: columns)
      let part = Moments(scratch + (chunk * 4 + 2) * columns, columns: columns)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: height) {
        let count = min(height, range.upperBound - first)
        let moments = first == range.lowerBound ? whole : part
        moments.take(x + first * columns, rows: count)
        if first > range.lowerBound {
          whole.join(part, of: count, behind: first - range.lowerBound)
        }
      }
    }
    let all = Moments(scratch, columns: columns)
    for chunk in 1..<max(1, chunks.count) {
      let range = chunks.range(chunk)
      all.join(
        Moments(scratch + chunk * 4 * columns, columns: columns), of: range.count,
        behind: range.lowerBound)
    }
    for c in 0..<columns {
      mean[c] = all.mean[c]
      variance[c] = all.squares[c] / S(rows)
    }
  }

  /// products[c] = Σᵣ dz[r, c] (x[r, c] - mean[c]) and sums[c] = Σᵣ dz[r, c].
  ///
  /// - Parameters:
  ///   - scratch: `scratchCount` scalars.
  ///   - blocks: what `dz` asks for.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func centeredProducts<S: Scalar>(
    _ x: UnsafePointer<S>, _ dz: RowGradient<S>, mean: UnsafePointer<S>, rows: Int,
    columns: Int, into products: UnsafeMutablePointer<S>, sums: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>, blocks: UnsafeMutablePointer<S>?, pool: WorkerPool
  ) {
    let chunks = Chunks(summing: rows, of: columns)
    let partialSums = scratch + chunks.count * columns
    let dz = RowGradientBlocks(dz, rows: rows, columns: columns, memory: blocks)
    pool.run(chunks: chunks.count) { chunk in
      let (products, sums) = (scratch + chunk * columns, partialSums + chunk * columns)
      products.update(repeating: 0, count: columns)
      sums.update(repeating: 0, count: columns)
      dz.forEach(in: chunks.range(chunk)) { rows, dz in
        addProducts(
          x + rows.lowerBound * columns, dz, mean, rows: rows.count, columns, products, sums)
      }
    }
    for (partials, total) in [(scratch, products), (partialSums, sums)] {
      addPartials(
        partials, parts: chunks.count, count: columns, into: total, accumulate: false, pool: pool)
    }
  }

  /// Those of some rows, added to what is there.
  @inline(__always)
  private static func addProducts<S: Scalar>(
    _ x: UnsafePointer<S>, _ dz: UnsafePointer<S>, _ mean: UnsafePointer<S>, rows: Int,
    _ columns: Int, _ products: UnsafeMutablePointer<S>, _ sums: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.normalization.add_column_products(
        x.asFloat, dz.asFloat, mean.asFloat, rows, columns, products.asFloat, sums.asFloat)
      return
    }
    for i in 0..<rows * columns {
      products[i % columns] += dz[i] * (x[i] - mean[i % columns])
      sums[i % columns] += dz[i]
    }
  }
}

/// The mean of each column of some rows, and the sum of the squared distances from it.
private struct Moments<S: Scalar> {
  let mean: UnsafeMutablePointer<S>
  let squares: UnsafeMutablePointer<S>
  let columns: Int

  /// In memory for twice as many scalars as there are columns.
  @inline(__always)
  init(_ memory: UnsafeMutablePointer<S>, columns: Int) {
    (mean, squares, self.columns) = (memory, memory + columns, columns)
  }

  /// Those of the rows of x.
  @inline(__always)
  func take(_ x: UnsafePointer<S>, rows: Int) {
    if let vectors = S.vectors {
      vectors.elementwise.column_sums(x.asFloat, nil, rows, columns, mean.asFloat)
      for c in 0..<columns { mean[c] /= S(rows) }
      vectors.normalization.column_squares(x.asFloat, mean.asFloat, rows, columns, squares.asFloat)
      return
    }
    mean.update(repeating: 0, count: columns)
    squares.update(repeating: 0, count: columns)
    for i in 0..<rows * columns { mean[i % columns] += x[i] }
    for c in 0..<columns { mean[c] /= S(rows) }
    for i in 0..<rows * columns {
      let distance = x[i] - mean[i % columns]
      squares[i % columns] += distance * distance
    }
  }

  /// Takes in those of `count` more rows, behind `before`.
  @inline(__always)
  func join(_ other: Moments, of count: Int, behind before: Int) {
    let share = S(count) / S(before + count)
    for c in 0..<columns {
      let distance = other.mean[c] - mean[c]
      mean[c] += distance * share
      squares[c] += other.squares[c] + distance * distance * share * S(before)
    }
  }
}
