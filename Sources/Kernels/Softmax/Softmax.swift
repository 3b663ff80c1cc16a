import CSIMD
public import TensorCore

/// Softmax over the rows of a matrix [rows, columns].
public enum Softmax {
  /// y[r, c] = exp(x[r, c]) / Σ exp(x[r, ·]), the largest taken off first so that nothing overflows; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns, elements: 8_192)) { range in
      for row in range {
        _ = softmaxRow(x + row * columns, into: y + row * columns, count: columns)
      }
    }
  }

  /// dx[r, c] = y (dy - Σ dy y), or dx += that; dx may be dy unless it accumulates.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    output y: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    rows: Int, columns: Int, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for row in range {
        let (y, dy, dx) = (y + row * columns, dy + row * columns, dx + row * columns)
        if S.isFloat {
          csimd_softmax_row_backward(y.asFloat, dy.asFloat, dx.asFloat, columns, accumulate)
          continue
        }
        var sum: S = 0
        for c in 0..<columns { sum += dy[c] * y[c] }
        for c in 0..<columns {
          let value = y[c] * (dy[c] - sum)
          dx[c] = accumulate ? dx[c] + value : value
        }
      }
    }
  }
}

/// The softmax of one row, and the logarithm of Σ exp(x).
@inline(__always)
func softmaxRow<S: Scalar>(
  _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int
) -> S {
  if S.isFloat { return S(csimd_softmax_row(x.asFloat, y.asFloat, count)) }
  var largest = -S.infinity
  for i in 0..<count { largest = max(largest, x[i]) }
  var sum: S = 0
  for i in 0..<count {
    y[i] = S.exp(x[i] - largest)
    sum += y[i]
  }
  for i in 0..<count { y[i] /= sum }
  return largest + S.log(sum)
}
