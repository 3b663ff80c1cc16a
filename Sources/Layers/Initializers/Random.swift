public import GraphIR
public import Settings
public import TensorCore

extension Initializers {
  /// N(mean, stddev²).
  public struct RandomNormal: Initializer {
    public static let type = "random_normal"
    public static let manual = "Normal numbers of a given mean and standard deviation."
    public static let fields = [
      Field("mean", \RandomNormal.mean, "The mean."),
      Field("stddev", \RandomNormal.stddev, .atLeast(0), "The standard deviation."),
    ]

    public var mean = 0.0
    public var stddev = 0.05

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.normals(shape.count, mean: mean, deviation: stddev)
    }
  }

  /// N(mean, stddev²), of which what lies beyond two deviations is drawn again.
  public struct TruncatedNormal: Initializer {
    public static let type = "truncated_normal"
    public static let manual = """
      Normal numbers, of which those beyond two standard deviations are drawn again.

      As in Keras, stddev is that of the normal before it is truncated; what comes out has 0.88 of it.
      """
    public static let fields = [
      Field("mean", \TruncatedNormal.mean, "The mean."),
      Field("stddev", \TruncatedNormal.stddev, .atLeast(0), "The standard deviation."),
    ]

    public var mean = 0.0
    public var stddev = 0.05

    public init() {}

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.truncatedNormals(shape.count, mean: mean, deviation: stddev)
    }
  }

  /// U(minval, maxval).
  public struct RandomUniform: Initializer {
    public static let type = "random_uniform"
    public static let manual = "Numbers spread evenly between minval and maxval."
    public static let fields = [
      Field("minval", \RandomUniform.minval, "The lower end."),
      Field("maxval", \RandomUniform.maxval, "The upper end."),
    ]

    public var minval = -0.05
    public var maxval = 0.05

    public init() {}

    public var contradiction: String? {
      minval <= maxval ? nil : "\"minval\" is \(minval), above \"maxval\", which is \(maxval)"
    }

    public func values(
      _ shape: Shape, fanIn: Int, fanOut: Int, random: RandomStream
    ) -> [Double] {
      random.uniforms(shape.count, from: minval, to: maxval)
    }
  }
}
