/// A place for a gradient.
public struct Gradient<S: Scalar>: Sendable {
  public let view: View<S>
  /// Whether to add to what is there (another use came first) or to write every element.
  public let accumulates: Bool
  /// Where it is not nil, the rows (of the first axis) that may hold anything but zero; it belongs to the memory.
  ///
  /// Whoever writes rows puts them in. Who does not accumulate zeroes those of the set first and takes them out.
  public let rows: RowSet?

  public init(_ view: View<S>, accumulates: Bool, rows: RowSet? = nil) {
    self.view = view
    self.accumulates = accumulates
    self.rows = rows
  }
}
