import CSIMD
public import TensorCore

/// Sums down the columns of a matrix [rows, columns], as normalisation over a batch takes them.
///
/// Each chunk of rows sums for itself; the partial sums come together in their order, so the bits do not
/// depend on the number of threads.
public enum ColumnStatistics {
  /// How much scratch each of these functions wants.
  public static func scratchCount(rows: Int, columns: Int) -> Int {
    Chunks(rows: rows, of: columns).count * columns
  }

  /// The mean of each column, and the mean of the squared distances from it (divided by `rows`).
  ///
  /// Two passes, for the difference of large sums would lose the variance.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func moments<S: Scalar>(
    _ x: UnsafePointer<S>, rows: Int, columns: Int, mean: UnsafeMutablePointer<S>,
    variance: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    Bias.columnSums(
      x, rows: rows, columns: columns, into: mean, accumulate: false, scratch: scratch, pool: pool)
    for c in 0..<columns { mean[c] /= S(rows) }
    sum(rows: rows, columns: columns, into: variance, scratch: scratch, pool: pool) {
      range, partial in
      let x = x + range.lowerBound * columns
      if S.isFloat {
        csimd_column_squares(x.asFloat, mean.asFloat, range.count, columns, partial.asFloat)
      } else {
        partial.update(repeating: 0, count: columns)
        for i in 0..<range.count * columns {
          let distance = x[i] - mean[i % columns]
          partial[i % columns] += distance * distance
        }
      }
    }
    for c in 0..<columns { variance[c] /= S(rows) }
  }

  /// sums[c] = Σᵣ dy[r, c] (x[r, c] - mean[c]).
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func centeredProducts<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, mean: UnsafePointer<S>, rows: Int,
    columns: Int, into sums: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    sum(rows: rows, columns: columns, into: sums, scratch: scratch, pool: pool) {
      range, partial in
      let (x, dy) = (x + range.lowerBound * columns, dy + range.lowerBound * columns)
      if S.isFloat {
        csimd_column_products(
          x.asFloat, dy.asFloat, mean.asFloat, range.count, columns, partial.asFloat)
      } else {
        partial.update(repeating: 0, count: columns)
        for i in 0..<range.count * columns {
          partial[i % columns] += dy[i] * (x[i] - mean[i % columns])
        }
      }
    }
  }

  @inline(__always)
  private static func sum<S: Scalar>(
    rows: Int, columns: Int, into sums: UnsafeMutablePointer<S>, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool, _ partialSum: (Range<Int>, UnsafeMutablePointer<S>) -> Void
  ) {
    let chunks = Chunks(rows: rows, of: columns)
    pool.run(chunks: chunks.count) { chunk in
      partialSum(chunks.range(chunk), scratch + chunk * columns)
    }
    addPartials(
      scratch, parts: chunks.count, count: columns, into: sums, accumulate: false, pool: pool)
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
