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
    of x: UnsafePointer<S>, rows: Int, columns: Int, scratch: UnsafeMutablePointer<S>
  ) {
    guard rows <= 1 << 24 else { return nil }
    var count = 0
    for row in 0..<rows {
      let x = x + row * columns
      // Of a row that is not all zeros, the first number mostly tells.
      for c in 0..<columns where x[c] != 0 {
        scratch[count] = S(row)
        count += 1
        break
      }
    }
    if count == rows { return nil }
    (numbers, self.count) = (UnsafePointer(scratch), count)
  }

  /// The number of a row that is listed.
  @inline(__always)
  subscript(place: Int) -> Int { Int(numbers[place]) }
}
