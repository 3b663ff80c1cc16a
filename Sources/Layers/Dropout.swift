public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x m / (1 - rate) in training, m zero with probability `rate` and else one; y = x otherwise.
public struct Dropout: StepwiseLayer {
  public static let type = "dropout"
  public static let manual = """
    Drops numbers at random in training, and scales up the others in turn.

    training: y = 0 with probability rate, else x / (1 - rate); otherwise: y = x

    Input of any shape, output of the same. Which numbers are dropped follows from the seed, the layer
    and the step. As Keras and PyTorch.
    Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 2014.
    """
  public static let fields = [
    Field(
      "rate", \Dropout.rate, required: true, .within(0..<1), "The share of numbers dropped.")
  ]

  public var rate = 0.5

  public init() {}

  public init(rate: Double) { self.rate = rate }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    // Backward draws the same random numbers again, so nothing is kept.
    try .elementwise(inputs, retaining: nil)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    guard pass.isTraining else { return pass.passOn() }
    Kernels.Dropout.apply(
      pass.inputs[0].base, into: pass.outputs[0].base, count: pass.outputs[0].count, rate: rate,
      random: pass.random, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard pass.isTraining else { return pass.passBack() }
    guard let gradient = pass.inputGradients[0] else { return }
    Kernels.Dropout.apply(
      pass.outputGradients[0].base, into: gradient.view.base, count: gradient.view.count,
      rate: rate, random: pass.random, accumulate: gradient.accumulates, pool: pass.pool)
  }

  public static var samples: [Sample<Dropout>] {
    [
      Sample(Dropout(rate: 0.4), inputs: [[3, 5]]),
      Sample(Dropout(rate: 0), inputs: [[2, 2, 3]]),
      Sample(Dropout(rate: 0.4), inputs: [[3, 5]], isTraining: false),
    ]
  }
}
