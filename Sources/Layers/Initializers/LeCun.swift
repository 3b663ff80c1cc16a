public import GraphIR
public import Settings
public import TensorCore

extension Initializers {
  /// U(-a, a) with a = sqrt(3 / fan_in).
  public struct LeCunUniform: Initializer {
    public static let type = "lecun_uniform"
    public static let manual = """
      LeCun initialization, uniform.

      U(-a, a) with a = sqrt(3 / fan_in).
      Y. LeCun et al., "Efficient BackProp", 1998.
      """
    public static let fields: [Field<LeCunUniform>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.scaled(
        shape.count, scale: 1, fan: Double(fanIn), isNormal: false)
    }
  }

  /// N(0, 1 / fan_in), of which what lies beyond two standard deviations is drawn again.
  public struct LeCunNormal: Initializer {
    public static let type = "lecun_normal"
    public static let manual = """
      LeCun initialization, normal.

      N(0, 1 / fan_in), of which what lies beyond two standard deviations is drawn again.
      Y. LeCun et al., "Efficient BackProp", 1998.
      """
    public static let fields: [Field<LeCunNormal>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.scaled(
        shape.count, scale: 1, fan: Double(fanIn), isNormal: true)
    }
  }
}
