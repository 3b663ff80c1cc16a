/// A number of a run that is infinite or none at all, and so are all that follow from it.
public struct NonFiniteValue: Error, Sendable, Equatable, CustomStringConvertible {
  /// What it is: `the loss "loss"`.
  public let what: String
  public let value: Double

  public init(_ what: String, _ value: Double) { (self.what, self.value) = (what, value) }

  /// `the loss "loss" is nan`
  public var description: String { "\(what) is \(value.isNaN ? "nan" : "\(value)")" }
}
