/// The extents of a tensor, outermost first; rows are contiguous in memory.
///
/// The empty shape `[]` is a scalar and has one element.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extents, each at least 0.
  public let dimensions: [Int]
  /// The product of the extents: how many scalars a tensor of this shape holds.
  public let count: Int

  public init(_ dimensions: [Int]) {
    self.dimensions = dimensions
    count = dimensions.reduce(1, *)
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// How many axes there are.
  public var rank: Int { dimensions.count }

  /// The extent of one axis; negative axes count from the end, -1 being the last.
  public subscript(axis: Int) -> Int { dimensions[axis < 0 ? rank + axis : axis] }

  /// The extent of the last axis, 1 for a scalar.
  public var last: Int { dimensions.last ?? 1 }

  /// The shape of one slice along the first axis.
  public var dropFirst: Shape { Shape(Array(dimensions.dropFirst())) }

  /// The shape without its last axis.
  public var dropLast: Shape { Shape(Array(dimensions.dropLast())) }

  /// This shape behind one more axis, as a batch is before its rows.
  public func prepending(_ extent: Int) -> Shape { Shape([extent] + dimensions) }

  /// As people write it: `[28, 28, 1]`.
  public var description: String { "[\(dimensions.map(String.init).joined(separator: ", "))]" }
}
