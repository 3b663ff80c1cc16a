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
        } else if S.isFloat {
          csimd_add(source.asFloat, target.asFloat, target.asFloat, columns)
        } else {
          for c in 0..<columns { target[c] += source[c] }
        }
      }
    }
  }
}
