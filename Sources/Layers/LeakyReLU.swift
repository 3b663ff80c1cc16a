public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x where x is positive, else slope x, element by element.
public struct LeakyReLU: NeverFallingLayer {
  public static let type = "leaky_relu"
  public static let manual = """
    The leaky rectifier: what is negative is made small.

    y = x where x > 0, else negative_slope x

    Input of any shape, output of the same.
    Source: A. Maas et al., "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """
  public static let fields = [
    Field(
      "negative_slope", \LeakyReLU.negativeSlope, .above(0), "The slope of the negative side.")
  ]

  public var negativeSlope = 0.3

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .output(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.leakyRelu(
        x, slope: S(negativeSlope), into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.outputs[0]) { y, dy, dx, count, accumulate in
      // The sign of y is that of x, so the output serves as well and may lie where the input lay.
      Activations.leakyReluBackward(
        input: y, slope: S(negativeSlope), dy, into: dx, count: count, accumulate: accumulate,
        pool: pass.pool)
    }
  }

  public static var samples: [Sample<LeakyReLU>] {
    var steep = LeakyReLU()
    steep.negativeSlope = 1.5
    return [
      Sample(LeakyReLU(), inputs: [[3, 5]], values: [.awayFromZero]),
      Sample(steep, inputs: [[2, 2, 3, 2]], values: [.awayFromZero]),
    ]
  }
}
