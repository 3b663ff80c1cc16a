import CSIMD
public import TensorCore

/// Parts of the rows of a matrix: columns that lie between others.
public enum Blocks {
  /// y[r, c] = x[r, c], or y += x, for rows that lie `from` and `to` scalars apart.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func copy<S: Scalar>(
    _ x: UnsafePointer<S>, from: Int, into y: UnsafeMutablePointer<S>, to: Int, rows: Int,
    columns: Int, accumulate: Bool = false, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for row in range {
        let (source, target) = (x + row * from, y + row * to)
        if !accumulate {
          target.update(from: source, count: columns)
        } else if let vectors = S.vectors {
          vectors.elementwise.add(source.asFloat, target.asFloat, target.asFloat, columns)
        } else {
          for c in 0..<columns { target[c] += source[c] }
        }
      }
    }
  }

  /// y[c, r] = scale x[r, c] for rows that lie `from` and `to` scalars apart, and 0 for r in rows..<to; on the calling
  /// thread.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func transpose<S: Scalar>(
    _ x: UnsafePointer<S>, from: Int, rows: Int, columns: Int, scale: S,
    into y: UnsafeMutablePointer<S>, to: Int
  ) {
    if let vectors = S.vectors {
      vectors.elementwise.transpose(x.asFloat, from, rows, columns, Float(scale), y.asFloat, to)
      return
    }
    for c in 0..<columns {
      for r in 0..<to { y[c * to + r] = r < rows ? scale * x[r * from + c] : 0 }
    }
  }
}
