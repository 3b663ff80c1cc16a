public import Settings
public import TensorCore

/// How a parameter begins: a function of its shape, its fans and a stream of random numbers.
public protocol Initializer: Variant {
  /// The values in memory order, computed in `Double` so that every scalar type begins alike.
  func values(_ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream) -> [Double]

  /// Why it cannot fill such a shape; nil if it can.
  func objection(to shape: Shape) -> String?
}

extension Initializer {
  public func objection(to shape: Shape) -> String? { nil }
}
