public import GraphIR
public import Settings
public import TensorCore

extension Initializers {
  /// Every element 0.
  public struct Zeros: Initializer {
    public static let type = "zeros"
    public static let manual = "Every element 0."
    public static let fields: [Field<Zeros>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      Array(repeating: 0, count: shape.count)
    }
  }

  /// Every element 1.
  public struct Ones: Initializer {
    public static let type = "ones"
    public static let manual = "Every element 1."
    public static let fields: [Field<Ones>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      Array(repeating: 1, count: shape.count)
    }
  }

  /// Every element the same number.
  public struct Constant: Initializer {
    public static let type = "constant"
    public static let manual = "Every element the same number."
    public static let fields = [Field("value", \Constant.value, "The number.")]

    public var value = 0.0

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      Array(repeating: value, count: shape.count)
    }
  }
}
