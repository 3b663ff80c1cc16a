public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = m + e^(v / 2) z in training, z standard normal; y = m otherwise, unless it is to draw there too.
public struct GaussianSample: Layer {
  public static let type = "gaussian_sample"
  public static let manual = """
    Draws from normal distributions, as between the halves of a variational autoencoder.

    training: y = m + exp(v / 2) z with z standard normal; otherwise: y = m

    With samples_in_evaluation evaluation draws too, as an estimate of the evidence bound must.

    Inputs: mean m and logarithm of the variance v, of one shape [N, ...]; output of the same. Gradients
    go to both, through the numbers that were drawn. The numbers follow from the seed, the layer and
    the step.
    Source: D. Kingma, M. Welling, "Auto-encoding variational Bayes", ICLR 2014.
    """
  public static let fields = [
    Field(
      "samples_in_evaluation", \GaussianSample.samplesInEvaluation,
      "Whether it draws in evaluation as in training.")
  ]

  public var samplesInEvaluation = false

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: [try Self.shape(inputs)])
    // The derivative of y by v.
    signature.saved = [inputs[0]]
    return signature
  }

  /// The shape of mean and logarithm of the variance.
  static func shape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].rank >= 1 else {
      throw ShapeError(
        expects: "a mean and a logarithm of the variance of one shape [N, ...]", got: inputs)
    }
    return inputs[0]
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (mean, y, slope) = (pass.inputs[0], pass.outputs[0], pass.saved[0])
    guard pass.isTraining || samplesInEvaluation else {
      Elementwise.fill(0, into: slope.base, count: slope.count, pool: pass.pool)
      Elementwise.copy(mean.base, into: y.base, count: y.count, pool: pass.pool)
      return
    }
    RandomFill.normal(into: slope.base, count: slope.count, random: pass.random, pool: pass.pool)
    Gaussian.sample(
      mean: mean.base, logVariance: pass.inputs[1].base, noise: slope.base, into: y.base,
      count: y.count, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (dy, slope) = (pass.outputGradients[0], pass.saved[0])
    if let gradient = pass.inputGradients[0] {
      Elementwise.copy(
        dy.base, into: gradient.view.base, count: dy.count, accumulate: gradient.accumulates,
        pool: pass.pool)
    }
    if let gradient = pass.inputGradients[1] {
      Elementwise.multiply(
        dy.base, slope.base, into: gradient.view.base, count: dy.count,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<GaussianSample>] {
    var drawing = GaussianSample()
    drawing.samplesInEvaluation = true
    return [
      Sample(drawing, inputs: [[2, 3], [2, 3]], isTraining: false),
      Sample(GaussianSample(), inputs: [[3, 5], [3, 5]]),
      Sample(GaussianSample(), inputs: [[2, 2, 3], [2, 2, 3]], isTraining: false),
    ]
  }
}
