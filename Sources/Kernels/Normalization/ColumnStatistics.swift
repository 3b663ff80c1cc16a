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

  /// products[c] = Σᵣ dy[r, c] (x[r, c] - mean[c]) and sums[c] = Σᵣ dy[r, c].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func centeredProducts<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, mean: UnsafePointer<S>, rows: Int,
    columns: Int, into products: UnsafeMutablePointer<S>, sums: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let chunks = Chunks(summing: rows, of: columns)
    let partialSums = scratch + chunks.count * columns
    pool.run(chunks: chunks.count) { chunk in
      let range = chunks.range(chunk)
      let (x, dy) = (x + range.lowerBound * columns, dy + range.lowerBound * columns)
      let (products, sums) = (scratch + chunk * columns, partialSums + chunk * columns)
      if S.isFloat {
        csimd_column_products(
          x.asFloat, dy.asFloat, mean.asFloat, range.count, columns, products.asFloat,
          sums.asFloat)
      } else {
        products.update(repeating: 0, count: columns)
        sums.update(repeating: 0, count: columns)
        for i in 0..<range.count * columns {
          products[i % columns] += dy[i] * (x[i] - mean[i % columns])
          sums[i % columns] += dy[i]
        }
      }
    }
    for (partials, total) in [(scratch, products), (partialSums, sums)] {
      addPartials(
        partials, parts: chunks.count, count: columns, into: total, accumulate: false, pool: pool)
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
    if S.isFloat {
      csimd_column_sums(x.asFloat, nil, rows, columns, mean.asFloat)
      for c in 0..<columns { mean[c] /= S(rows) }
      csimd_column_squares(x.asFloat, mean.asFloat, rows, columns, squares.asFloat)
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

/// Rows that are scaled and shifted by vectors that belong to every row.
public enum RowScaling {
  /// y[r, c] = x[r, c] scale[c] + offset[c]; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func apply<S: Scalar>(
    _ x: UnsafePointer<S>, scale: UnsafePointer<S>, offset: UnsafePointer<S>,
    into y: UnsafeMutablePointer<S>, rows: Int, columns: Int, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if S.isFloat {
        csimd_scale_rows(
          (x + first).asFloat, scale.asFloat, offset.asFloat, (y + first).asFloat, range.count,
          columns)
      } else {
        for i in first..<range.upperBound * columns {
          y[i] = x[i] * scale[i % columns] + offset[i % columns]
        }
      }
    }
  }

  /// dx[r, c] = a[c] dy[r, c] + b[c] x[r, c] + d[c], or dx += that; dx may be dy unless it accumulates.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func combine<S: Scalar>(
    _ dy: UnsafePointer<S>, _ x: UnsafePointer<S>, a: UnsafePointer<S>, b: UnsafePointer<S>,
    d: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if S.isFloat {
        csimd_combine_rows(
          (dy + first).asFloat, (x + first).asFloat, a.asFloat, b.asFloat, d.asFloat,
          (dx + first).asFloat, range.count, columns, accumulate)
      } else {
        for i in first..<range.upperBound * columns {
          let c = i % columns
          let value = a[c] * dy[i] + b[c] * x[i] + d[c]
          dx[i] = accumulate ? dx[i] + value : value
        }
      }
    }
  }
}
