public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = Σ |x| / N.
public struct L1Activity: MeanLoss {
  public static let type = "l1_activity"
  public static let manual = """
    A penalty on activations that are not zero, as of the code of a sparse autoencoder.

    L = sum of |x| / N

    Input x [N, ...], N rows (with the reduction mean, N is the number of all elements); output []. Its
    gradient at zero is zero. As the activity regularizer L1 of Keras.
    """
  public static let fields = [
    Field(
      "reduction", \L1Activity.reduction,
      "Over what is averaged: the rows, whose elements add up, or all elements.")
  ]

  public var reduction = LossReduction.batchMean

  public init() {}

  var function: ElementLosses.Function { .absolute }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try Self.meanSignature(inputs, constant: 0)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { meanForward(pass, constant: 0) }

  public func backward<S: Scalar>(_ pass: Pass<S>) { meanBackward(pass, constant: 0) }

  public static var samples: [Sample<L1Activity>] {
    var ofElements = L1Activity()
    ofElements.reduction = .mean
    return [
      Sample(L1Activity(), inputs: [[3, 4]], values: [.awayFromZero]),
      Sample(ofElements, inputs: [[2, 2, 3]], values: [.awayFromZero]),
    ]
  }
}
