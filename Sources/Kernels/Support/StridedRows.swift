/// Rows of a matrix that need not be neighbours in memory, such as one time step of a batch-first sequence [N, T, F]:
/// it begins at t F and its rows are T F apart.
public struct StridedRows<S>: @unchecked Sendable {
  /// The first element of the first row.
  public let base: UnsafeMutablePointer<S>
  /// The distance between the starts of two rows.
  public let stride: Int

  public init(_ base: UnsafeMutablePointer<S>, stride: Int) {
    self.base = base
    self.stride = stride
  }

  /// The first element of a row.
  @inline(__always)
  subscript(row: Int) -> UnsafeMutablePointer<S> { base + row * stride }
}

extension StridedRows {
  /// The rows from `row` on.
  @inline(__always)
  func from(_ row: Int) -> StridedRows { StridedRows(self[row], stride: stride) }
}
