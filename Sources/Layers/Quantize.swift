public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = round(x (L - 1)) / (L - 1) in evaluation, as much noise in training.
public struct Quantize: StepwiseLayer {
  public static let type = "quantize"
  public static let manual = """
    Rounds numbers from 0 to 1 to L levels, as a code to be stored in log2(L) bits a number.

    training: y = x + u / (L - 1) with u evenly from [-1/2, 1/2)
    otherwise: y = round(x (L - 1)) / (L - 1)

    Input of any shape, output of the same. Rounding has no gradient, so training sees noise of the
    same size, through which the gradient passes as it is. The noise follows from the seed, the layer
    and the step. Numbers beyond 0 and 1 are rounded too, but need more levels: those of a sigmoid do
    not.
    Source: J. Balle, V. Laparra, E. Simoncelli, "End-to-end optimized image compression", ICLR 2017.
    """
  public static let fields = [
    Field(
      "levels", \Quantize.levels, .within(2...1 << 16),
      "How many different values there are from 0 to 1; 256 make a byte.")
  ]

  public var levels = 256

  public init() {}

  public init(levels: Int) { self.levels = levels }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = try Signature.elementwise(inputs, retaining: nil)
    // The noise is drawn where y is to be, before x is added.
    signature.forwardInPlace = false
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    guard pass.isTraining else {
      Rounding.round(
        x.base, toParts: S(levels - 1), into: y.base, count: y.count, pool: pass.pool)
      return
    }
    let half = 0.5 / Double(levels - 1)
    RandomFill.uniform(
      into: y.base, count: y.count, low: -half, high: half, random: pass.random, pool: pass.pool)
    Elementwise.add(x.base, y.base, into: y.base, count: y.count, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  /// None of evaluation, where differences of the function say nothing.
  public static var samples: [Sample<Quantize>] {
    [
      Sample(Quantize(levels: 4), inputs: [[3, 5]]),
      Sample(Quantize(), inputs: [[2, 2, 3]], values: [.probabilities]),
    ]
  }
}
