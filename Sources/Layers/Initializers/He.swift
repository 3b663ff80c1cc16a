public import GraphIR
public import Settings
public import TensorCore

extension Initializers {
  /// U(-a, a) with a = sqrt(6 / fan_in).
  public struct HeUniform: Initializer {
    public static let type = "he_uniform"
    public static let manual = """
      He (Kaiming) initialization, uniform.

      U(-a, a) with a = sqrt(6 / fan_in).
      K. He et al., "Delving deep into rectifiers", ICCV 2015; for layers followed by a ReLU.
      """
    public static let fields: [Field<HeUniform>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.scaled(
        shape.count, scale: 2, fan: Double(fanIn), isNormal: false)
    }
  }

  /// N(0, 2 / fan_in), of which what lies beyond two standard deviations is drawn again.
  public struct HeNormal: Initializer {
    public static let type = "he_normal"
    public static let manual = """
      He (Kaiming) initialization, normal.

      N(0, 2 / fan_in), of which what lies beyond two standard deviations is drawn again.
      K. He et al., "Delving deep into rectifiers", ICCV 2015; for layers followed by a ReLU.
      """
    public static let fields: [Field<HeNormal>] = []

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.scaled(
        shape.count, scale: 2, fan: Double(fanIn), isNormal: true)
    }
  }
}
