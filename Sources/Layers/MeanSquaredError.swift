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
    E elements in all (with the reduction batch_mean, E = N); output []. With the setting target, one t
    for all elements and no second input, as in least-squares generative adversarial networks:
    {"type": "mean_squared_error", "target": 1}. As Keras and PyTorch.
    """
  public static let fields = [
    Field(
      "target", \MeanSquaredError.target, "The target of all elements, instead of a second input."),
    Field(
      "reduction", \MeanSquaredError.reduction,
      "Over what is averaged: all elements, or the rows, whose elements then add up."),
  ]

  public var target: Double?
  public var reduction = LossReduction.mean

  public init() {}

  var function: ElementLosses.Function { .squared }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard let target else { return try Self.meanSignature(inputs) }
    return try Self.meanSignature(inputs, constant: target)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { meanForward(pass, constant: target) }

  public func backward<S: Scalar>(_ pass: Pass<S>) { meanBackward(pass, constant: target) }

  public static var samples: [Sample<MeanSquaredError>] {
    var ofRows = MeanSquaredError()
    ofRows.reduction = .batchMean
    var ofConstant = MeanSquaredError()
    ofConstant.target = 0.9
    return [
      Sample(ofConstant, inputs: [[4, 1]]),
      Sample(ofRows, inputs: [[3, 4], [3, 4]]),
      Sample(MeanSquaredError(), inputs: [[3, 4], [3, 4]]),
      Sample(MeanSquaredError(), inputs: [[3, 1], [3]]),
      Sample(MeanSquaredError(), inputs: [[2, 2, 3], [2, 2, 3]]),
    ]
  }
}
