import CSIMD
public import TensorCore

/// The rows of a matrix that hold anything but zeros, for sums over rows to which the others add nothing.
///
/// The gradient of a step that is padding is 0. A sum over the rows that are listed is split and ordered by their number
/// alone, so it is the same bits however many rows of zeros lie between them or behind them, and those cost nothing.
public struct NonzeroRows<S: Scalar>: @unchecked Sendable {
  /// Ascending; scalars hold them exactly, for there are at most 2^24 rows.
  let numbers: UnsafePointer<S>
  public let count: Int

  /// Those of x [rows, columns]; nil where all rows are, or where there are too many to be numbered.
  ///
  /// - Parameter scratch: `rows` scalars, which it goes on reading.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public init?(
    of x: UnsafePointer<S>, rows: Int, columns: Int, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    guard rows <= 1 << 24 else { return nil }
    let chunks = Chunks(sharing: rows, atLeast: 256)
    let count = withUnsafeTemporaryAllocation(of: Int.self, capacity: chunks.count) { counts in
      // Every chunk lists its rows where its range begins; then the lists are put together.
      pool.run(chunks: chunks.count) { chunk in
        let range = chunks.range(chunk)
        counts.initializeElement(
          at: chunk,
          to: Self.list(of: x, range, columns: columns, into: scratch + range.lowerBound))
      }
      var count = counts.first ?? 0
      for chunk in 1..<max(1, chunks.count) {
        let listed = scratch + chunks.range(chunk).lowerBound
        if listed != scratch + count {
          (scratch + count).update(from: listed, count: counts[chunk])
        }
        count += counts[chunk]
      }
      return count
    }
    if count == rows { return nil }
    (numbers, self.count) = (UnsafePointer(scratch), count)
  }

  /// Writes which rows of the range hold anything but zeros; returns how many do.
  private static func list(
    of x: UnsafePointer<S>, _ range: Range<Int>, columns: Int, into numbers: UnsafeMutablePointer<S>
  ) -> Int {
    if let vectors = S.vectors, columns > 0 {
      return vectors.elementwise.nonzero_rows(
        (x + range.lowerBound * columns).asFloat, range.lowerBound, range.count, columns,
        numbers.asFloat)
    }
    var count = 0
    for row in range {
      let x = x + row * columns
      for c in 0..<columns where x[c] != 0 {
        numbers[count] = S(row)
        count += 1
        break
      }
    }
    return count
  }

  /// The number of a row that is listed.
  @inline(__always)
  subscript(place: Int) -> Int { Int(numbers[place]) }
}
