import CSIMD
public import TensorCore

/// Softmax over the rows of a matrix [rows, columns].
public enum Softmax {
  /// y = eˣ / Σ eˣ, row by row; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if let vectors = S.vectors {
        vectors.softmax.softmax_rows((x + first).asFloat, (y + first).asFloat, range.count, columns)
        return
      }
      for row in range {
        let (x, y) = (x + row * columns, y + row * columns)
        let shift = maximum(x, columns)
        var sum: S = 0
        for c in 0..<columns {
          y[c] = S.exp(x[c] - shift)
          sum += y[c]
        }
        for c in 0..<columns { y[c] /= sum }
      }
    }
  }

  /// dx = y (dy - Σ y dy), row by row, or dx += that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    output y: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    rows: Int, columns: Int, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if let vectors = S.vectors {
        vectors.softmax.softmax_rows_backward(
          (y + first).asFloat, (dy + first).asFloat, (dx + first).asFloat, range.count, columns,
          accumulate)
        return
      }
      for row in range {
        let (y, dy, dx) = (y + row * columns, dy + row * columns, dx + row * columns)
        var mean: S = 0
        for c in 0..<columns { mean += y[c] * dy[c] }
        for c in 0..<columns {
          dx[c] = (accumulate ? dx[c] : 0) + y[c] * (dy[c] - mean)
        }
      }
    }
  }

  @inline(__always)
  private static func maximum<S: Scalar>(_ x: UnsafePointer<S>, _ columns: Int) -> S {
    var best = -S.infinity
    for c in 0..<columns where x[c] > best { best = x[c] }
    return best
  }

  /// ln Σ eˣ of one row, the plain reference.
  @inline(__always)
  static func logSumExp<S: Scalar>(_ x: UnsafePointer<S>, _ columns: Int) -> S {
    let shift = maximum(x, columns)
    var sum: S = 0
    for c in 0..<columns { sum += S.exp(x[c] - shift) }
    return shift + S.log(sum)
  }
}
