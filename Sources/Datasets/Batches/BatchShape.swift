/// How large a batch is.
public struct BatchShape: Hashable, Sendable, Comparable {
  /// How many rows it has.
  public let rows: Int
  /// How many steps its padded fields have; nil where each has as many as its field says.
  public let steps: Int?

  public init(rows: Int, steps: Int? = nil) {
    self.rows = rows
    self.steps = steps
  }

  public static func < (one: BatchShape, other: BatchShape) -> Bool {
    (one.rows, one.steps ?? 0) < (other.rows, other.steps ?? 0)
  }
}
