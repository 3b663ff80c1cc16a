import CSIMD
public import TensorCore

/// The logarithm of the softmax over the rows of a matrix [rows, columns].
public enum LogSoftmax {
  /// y = x - ln Σ eˣ, row by row; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if let vectors = S.vectors {
        vectors.softmax.log_softmax_rows(
          (x + first).asFloat, (y + first).asFloat, range.count, columns)
        return
      }
      for row in range {
        let (x, y) = (x + row * columns, y + row * columns)
        let logarithm = Softmax.logSumExp(x, columns)
        for c in 0..<columns { y[c] = x[c] - logarithm }
      }
    }
  }

  /// dx = dy - e^y Σ dy, row by row, or dx += that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    output y: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    rows: Int, columns: Int, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if let vectors = S.vectors {
        vectors.softmax.log_softmax_rows_backward(
          (y + first).asFloat, (dy + first).asFloat, (dx + first).asFloat, range.count, columns,
          accumulate)
        return
      }
      for row in range {
        let (y, dy, dx) = (y + row * columns, dy + row * columns, dx + row * columns)
        var sum: S = 0
        for c in 0..<columns { sum += dy[c] }
        for c in 0..<columns {
          dx[c] = (accumulate ? dx[c] : 0) + dy[c] - S.exp(y[c]) * sum
        }
      }
    }
  }
}
