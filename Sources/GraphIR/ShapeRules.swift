public import TensorCore

extension Shape {
  /// The most scalars that one tensor may hold: 2^36, which is 256 GiB of `Float`.
  public static let maximumCount = 1 << 36

  /// The longest axis: matrix products count in 32 bits.
  public static let maximumExtent = Int(Int32.max)

  /// A shape made from settings, which may be of any size.
  ///
  /// Throws: where an axis has no extent, or the tensor would be larger than any memory.
  public init(checked dimensions: [Int]) throws(ShapeError) {
    var count = 1
    for extent in dimensions {
      guard extent >= 1 else {
        throw ShapeError("would make a tensor \(Self.text(dimensions)), which is empty")
      }
      let product = count.multipliedReportingOverflow(by: extent)
      guard extent <= Self.maximumExtent, !product.overflow,
        product.partialValue <= Self.maximumCount
      else {
        throw ShapeError("would make a tensor \(Self.text(dimensions)), which is too large")
      }
      count = product.partialValue
    }
    self.init(dimensions)
  }

  /// As people write a shape, for settings that may be no shape: `[-1, 3]`.
  public static func text(_ dimensions: [Int]) -> String {
    "[\(dimensions.map(String.init).joined(separator: ", "))]"
  }
}

extension [Shape] {
  /// The only input; throws where there are more or none, or it does not fit.
  ///
  /// - Parameter expected: what a message says of it: `one input [N, H, W, C]`.
  public func only(
    _ expected: String, where fits: (Shape) -> Bool = { _ in true }
  ) throws(ShapeError) -> Shape {
    guard count == 1, fits(self[0]) else { throw ShapeError(expects: expected, got: self) }
    return self[0]
  }
}
