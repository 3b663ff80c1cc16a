public import GraphIR
public import Settings
public import TensorCore

extension Initializers {
  /// U(-a, a) with a = sqrt(6 / (fan_in + fan_out)).
  public struct GlorotUniform: Initializer {
    public static let type = "glorot_uniform"
    public static let manual = """
      Glorot (Xavier) initialization, uniform.

      U(-a, a) with a = sqrt(6 / (fan_in + fan_out)).
      X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward networks", 2010.
      """
    public static let fields: [Field<GlorotUniform>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.scaled(
        shape.count, scale: 1, fan: Double(fanIn + fanOut) / 2, isNormal: false)
    }
  }

  /// N(0, 2 / (fan_in + fan_out)), of which what lies beyond two standard deviations is drawn again.
  public struct GlorotNormal: Initializer {
    public static let type = "glorot_normal"
    public static let manual = """
      Glorot (Xavier) initialization, normal.

      N(0, 2 / (fan_in + fan_out)), of which what lies beyond two standard deviations is drawn again.
      X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward networks", 2010.
      """
    public static let fields: [Field<GlorotNormal>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.scaled(
        shape.count, scale: 1, fan: Double(fanIn + fanOut) / 2, isNormal: true)
    }
  }
}
