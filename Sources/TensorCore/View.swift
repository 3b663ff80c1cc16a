/// A tensor in memory that somebody else owns: a first element and a shape, rows contiguous.
///
/// A view is two words and copying it copies no numbers. Whoever makes it keeps the memory alive and
/// sees to it that two threads never write the same element.
public struct View<S: Scalar>: @unchecked Sendable {
  public let base: UnsafeMutablePointer<S>
  public let shape: Shape

  @inlinable
  public init(_ base: UnsafeMutablePointer<S>, _ shape: Shape) {
    self.base = base
    self.shape = shape
  }

  /// How many scalars the view spans.
  @inlinable
  public var count: Int { shape.count }

  /// The element at an offset in memory order.
  @inlinable
  public subscript(offset: Int) -> S {
    get { base[offset] }
    nonmutating set { base[offset] = newValue }
  }

  /// The same memory under another shape of as many elements.
  public func reshaped(_ shape: Shape) -> View {
    precondition(shape.count == count, "cannot view \(self.shape) as \(shape)")
    return View(base, shape)
  }

  /// The elements, for tests and readers; not for hot paths.
  public var elements: [S] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Writes one value to every element.
  public func fill(_ value: S) { base.update(repeating: value, count: count) }

  /// Copies as many elements as the view holds from `source`.
  public func copy(from source: UnsafePointer<S>) { base.update(from: source, count: count) }
}
