public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x + stddev z in training, z standard normal; y = x otherwise.
public struct GaussianNoise: StepwiseLayer {
  public static let type = "gaussian_noise"
  public static let manual = """
    Adds normal noise in training.

    training: y = x + stddev z with z standard normal; otherwise: y = x

    Input of any shape, output of the same. The noise follows from the seed, the layer and the step.
    As Keras's GaussianNoise.
    """
  public static let fields = [
    Field(
      "stddev", \GaussianNoise.deviation, required: true, .atLeast(0),
      "The standard deviation of the noise.")
  ]

  public var deviation = 0.1

  public init() {}

  public init(deviation: Double) { self.deviation = deviation }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    // The noise does not depend on x, so backward needs nothing.
    try .elementwise(inputs, retaining: nil)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    guard pass.isTraining else { return pass.passOn() }
    RandomFill.addNormal(
      to: pass.inputs[0].base, into: pass.outputs[0].base, count: pass.outputs[0].count,
      deviation: deviation, random: pass.random, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  public static var samples: [Sample<GaussianNoise>] {
    [
      Sample(GaussianNoise(deviation: 0.5), inputs: [[3, 5]]),
      Sample(GaussianNoise(deviation: 0.5), inputs: [[3, 5]], isTraining: false),
    ]
  }
}
