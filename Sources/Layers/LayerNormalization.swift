public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = gamma (x - mean) / √(variance + epsilon) + beta, mean and variance over the last axis.
public struct LayerNormalization: StepwiseLayer {
  public static let type = "layer_normalization"
  public static let manual = """
    Normalises each vector of features by its own mean and variance.

    y[m, f] = gamma[f] (x[m, f] - mean[m]) / sqrt(variance[m] + epsilon) + beta[f]

    Input [N, ..., F], output of the same shape; m runs over all axes but the last, mean and variance
    are those of the F features (the variance divided by F). The same in training and evaluation.
    Parameters: gamma [F], beta [F]. As Keras; PyTorch's epsilon is 1e-5 unless told otherwise.
    Source: J. Ba, J. Kiros, G. Hinton, "Layer normalization", 2016.
    """
  public static let fields = [
    Field(
      "epsilon", \LayerNormalization.epsilon, .above(0), "What is added to the variance."),
    Field("center", \LayerNormalization.center, "Whether beta is learned; it is 0 if not."),
    Field("scale", \LayerNormalization.scale, "Whether gamma is learned; it is 1 if not."),
    Field("gamma_initializer", \LayerNormalization.gammaInitializer, "How gamma begins."),
    Field("beta_initializer", \LayerNormalization.betaInitializer, "How beta begins."),
  ]

  public var epsilon = 1e-3
  public var center = true
  public var scale = true
  public var gammaInitializer = InitializerChoice(Initializers.Ones())
  public var betaInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ..., F]") { $0.rank >= 2 }
    let (features, rows) = (Shape([x.last]), x.dropLast.count)
    var signature = Signature(outputs: [x])
    if scale { signature.parameters.append(.init("gamma", features, gammaInitializer.value)) }
    if center { signature.parameters.append(.init("beta", features, betaInitializer.value)) }
    // The mean of each row, and one over its standard deviation.
    signature.saved = [[rows], [rows]]
    // What stands for a gamma or a beta that is not learned.
    signature.forwardScratch = [features, features]
    signature.backwardScratch = [
      features, [KernelNormalization.scratchCount(rows: rows, columns: x.last)], [rows],
    ]
    signature.retains = [.input(0)]
    signature.backwardInPlace = true
    return signature
  }

  private func gamma<S: Scalar>(_ pass: Pass<S>) -> UnsafePointer<S> {
    if scale { return UnsafePointer(pass.parameters[0].base) }
    pass.scratch[0].fill(1)
    return UnsafePointer(pass.scratch[0].base)
  }

  private func beta<S: Scalar>(_ pass: Pass<S>) -> UnsafePointer<S> {
    if center { return UnsafePointer(pass.parameters[scale ? 1 : 0].base) }
    pass.scratch[1].fill(0)
    return UnsafePointer(pass.scratch[1].base)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let x = pass.inputs[0]
    KernelNormalization.forward(
      x.base, scale: gamma(pass), offset: beta(pass), epsilon: S(epsilon),
      into: pass.outputs[0].base, mean: pass.saved[0].base, inverse: pass.saved[1].base,
      rows: x.count / x.shape.last, columns: x.shape.last, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (x, dy) = (pass.inputs[0], pass.outputGradients[0])
    let (mean, inverse) = (pass.saved[0].base, pass.saved[1].base)
    let (features, rows) = (x.shape.last, x.count / x.shape.last)
    let gammaGradient = scale ? pass.parameterGradients[0] : nil
    let betaGradient = center ? pass.parameterGradients[scale ? 1 : 0] : nil
    // First those that read dy, for dx may overwrite it. Rows whose dy is 0 take no part, so those of padding change no
    // bit, however many they are.
    if gammaGradient != nil || betaGradient != nil {
      let listed = NonzeroRows(
        of: UnsafePointer(dy.base), rows: rows, columns: features, scratch: pass.scratch[2].base,
        pool: pass.pool)
      KernelNormalization.parameterGradients(
        x.base, dy.base, mean: mean, inverse: inverse, scale: gammaGradient, offset: betaGradient,
        rows: rows, columns: features, listed: listed, scratch: pass.scratch[1].base,
        pool: pass.pool)
    }
    if let gradient = pass.inputGradients[0] {
      KernelNormalization.backward(
        x.base, dy.base, scale: gamma(pass), mean: mean, inverse: inverse,
        into: gradient.view.base, rows: rows, columns: features,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<LayerNormalization>] {
    var plain = LayerNormalization()
    (plain.center, plain.scale) = (false, false)
    var shifted = LayerNormalization()
    (shifted.scale, shifted.epsilon) = (false, 0.1)
    return [
      Sample(LayerNormalization(), inputs: [[3, 5]]),
      Sample(LayerNormalization(), inputs: [[2, 3, 4]]),
      Sample(plain, inputs: [[3, 4]]),
      Sample(shifted, inputs: [[3, 4]]),
    ]
  }
}

/// The kernel of the same name.
private typealias KernelNormalization = Kernels.LayerNormalization
