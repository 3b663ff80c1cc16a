public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x m / (1 - rate) in training, m[n, f] zero with probability `rate` and else one, for all steps; y = x otherwise.
public struct SpatialDropout1D: StepwiseLayer {
  public static let type = "spatial_dropout1d"
  public static let manual = """
    Drops whole features of a sequence at random in training, and scales up the others in turn.

    training: y[n, t, f] = 0 for all t with probability rate, else x[n, t, f] / (1 - rate)
    otherwise: y = x

    Input [N, T, F], output of the same shape. Neighbouring steps are alike, so single numbers that are
    dropped would be guessed from them. As Keras.
    Source: J. Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
    """
  public static let fields = [
    Field(
      "rate", \SpatialDropout1D.rate, required: true, .within(0..<1),
      "The share of features dropped.")
  ]

  public var rate = 0.5

  public init() {}

  public init(rate: Double) { self.rate = rate }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, F]") { $0.rank == 3 }
    var signature = Signature(outputs: [x])
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    // The factors of forward, which backward makes again from the same random numbers.
    signature.forwardScratch = [[x[0], x[2]]]
    signature.backwardScratch = [[x[0], x[2]]]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    guard pass.isTraining else { return pass.passOn() }
    multiply(pass.inputs[0].base, into: pass.outputs[0], accumulate: false, pass)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard pass.isTraining else { return pass.passBack() }
    guard let gradient = pass.inputGradients[0] else { return }
    multiply(
      pass.outputGradients[0].base, into: gradient.view, accumulate: gradient.accumulates, pass)
  }

  private func multiply<S: Scalar>(
    _ x: UnsafePointer<S>, into y: View<S>, accumulate: Bool, _ pass: Pass<S>
  ) {
    let factors = pass.scratch[0]
    factors.fill(1)
    Kernels.Dropout.apply(
      factors.base, into: factors.base, count: factors.count, rate: rate, random: pass.random,
      pool: pass.pool)
    StepFactors.multiply(
      x, by: factors.base, into: y.base, batch: y.shape[0], steps: y.shape[1],
      features: y.shape[2], accumulate: accumulate, pool: pass.pool)
  }

  public static var samples: [Sample<SpatialDropout1D>] {
    [
      Sample(SpatialDropout1D(rate: 0.4), inputs: [[3, 4, 5]]),
      Sample(SpatialDropout1D(rate: 0.4), inputs: [[2, 2, 3]], isTraining: false),
    ]
  }
}
