public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = Σ (p - t)² / E.
public struct MeanSquaredError: MeanLoss {
  public static let type = "mean_squared_error"
  public static let manual = """
    The mean of the squared differences of prediction and target.

    L = sum of (p - t)^2 / E

    Inputs: prediction p and target t of one shape [N, ...] (a last axis of 1 may be lacking in either),
    E elements in all (with the reduction batch_mean, E = N); output []. As Keras and PyTorch.
    """
  public static let fields = [
    Field(
      "reduction", \MeanSquaredError.reduction,
      "Over what is averaged: all elements, or the rows, whose elements then add up.")
  ]

  public var reduction = LossReduction.mean

  public init() {}

  var function: ElementLosses.Function { .squared }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try Self.meanSignature(inputs)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { meanForward(pass) }

  public func backward<S: Scalar>(_ pass: Pass<S>) { meanBackward(pass) }

  public static var samples: [Sample<MeanSquaredError>] {
    var ofRows = MeanSquaredError()
    ofRows.reduction = .batchMean
    return [
      Sample(ofRows, inputs: [[3, 4], [3, 4]]),
      Sample(MeanSquaredError(), inputs: [[3, 4], [3, 4]]),
      Sample(MeanSquaredError(), inputs: [[3, 1], [3]]),
      Sample(MeanSquaredError(), inputs: [[2, 2, 3], [2, 2, 3]]),
    ]
  }
}
