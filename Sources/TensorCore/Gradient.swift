/// A place for a gradient.
public struct Gradient<S: Scalar>: Sendable {
  public let view: View<S>
  /// Whether to add to what is there (another use came first) or to write every element.
  public let accumulates: Bool

  public init(_ view: View<S>, accumulates: Bool) {
    self.view = view
    self.accumulates = accumulates
  }
}
