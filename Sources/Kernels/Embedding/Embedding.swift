import CSIMD
public import TensorCore

/// Rows of a table [V, U] looked up by number, and the gradient of that.
///
/// Token numbers are scalars, as all tensors hold; a fraction is cut off. A number outside 0..<V reads and writes no
/// memory: its row is not a number, which the loss then shows, and its gradient goes nowhere.
public enum Embedding {
  /// y[n, u] = table[token[n], u].
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func gather<S: Scalar>(
    _ table: UnsafePointer<S>, vocabulary: Int, units: Int, tokens: UnsafePointer<S>, count: Int,
    into y: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: count, of: units)) { range in
      for n in range {
        let row = y + n * units
        if let token = index(tokens[n], below: vocabulary) {
          row.update(from: table + token * units, count: units)
        } else {
          row.update(repeating: .nan, count: units)
        }
      }
    }
  }

  /// dTable[token[n], u] += dy[n, u] in the order of n, after zeroing the table unless `accumulate`.
  ///
  /// The threads share out columns, for two rows of dy may belong to one row of the table.
  ///
  /// - Parameter rows: as in `Gradient`; with it only these rows need zeroing.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func scatterAdd<S: Scalar>(
    _ dy: UnsafePointer<S>, tokens: UnsafePointer<S>, count: Int, units: Int, vocabulary: Int,
    into dTable: UnsafeMutablePointer<S>, accumulate: Bool, rows: RowSet? = nil, pool: WorkerPool
  ) {
    if !accumulate {
      pool.run(elements: vocabulary * units, of: rows) {
        (dTable + $0.lowerBound).update(repeating: 0, count: $0.count)
      }
      rows?.removeAll()
    }
    if let rows {
      for n in 0..<count {
        if let token = index(tokens[n], below: vocabulary) { rows.insert(token) }
      }
    }
    // Two cache lines at least, so that no two threads write to one.
    let columns = Chunks(
      of: units, atLeast: max(32, Chunks.elements / max(1, count)), multipleOf: 16)
    pool.run(columns) { range in
      let first = range.lowerBound
      if let vectors = S.vectors {
        vectors.training.scatter_add(
          (dy + first).asFloat, tokens.asFloat, count, range.count, units, vocabulary,
          (dTable + first).asFloat)
      } else {
        for n in 0..<count {
          guard let token = index(tokens[n], below: vocabulary) else { continue }
          for u in range { dTable[token * units + u] += dy[n * units + u] }
        }
      }
    }
  }

  /// The place of the first token outside 0..<vocabulary, if there is one.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func firstStray<S: Scalar>(
    among tokens: UnsafePointer<S>, count: Int, vocabulary: Int
  ) -> Int? {
    (0..<count).first { index(tokens[$0], below: vocabulary) == nil }
  }

  @inline(__always)
  private static func index<S: Scalar>(_ token: S, below vocabulary: Int) -> Int? {
    // Also false for what is not a number; the size of the vocabulary is not rounded to a scalar.
    guard token >= 0, token < 0x1p62 else { return nil }
    let index = Int(token)
    return index < vocabulary ? index : nil
  }
}
