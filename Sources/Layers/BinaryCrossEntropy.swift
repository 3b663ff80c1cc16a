public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = -Σ (t ln σ(z) + (1 - t) ln (1 - σ(z))) / E, from logits z.
public struct BinaryCrossEntropy: MeanLoss {
  public static let type = "binary_cross_entropy"
  public static let manual = """
    How badly logits predict answers of yes (1) and no (0).

    L = -sum of (t ln sigmoid(z) + (1 - t) ln (1 - sigmoid(z))) / E

    computed as max(z, 0) - z t + ln(1 + exp(-|z|)), which never overflows: the network ends without a
    sigmoid, which is part of the loss.
    Inputs: logits z and targets t in [0, 1] of one shape [N, ...] (a last axis of 1 may be lacking in
    either), E elements in all (with the reduction batch_mean, E = N); output []. With the setting
    target, one t for all elements and no second input, as for the discriminator of a generative
    adversarial network: {"type": "binary_cross_entropy", "target": 1}. Targets get no gradient.
    As PyTorch's BCEWithLogitsLoss and Keras's BinaryCrossentropy(from_logits=True).
    """
  public static let fields = [
    Field(
      "target", \BinaryCrossEntropy.target, .within(0...1),
      "The target of all elements, instead of a second input."),
    Field(
      "reduction", \BinaryCrossEntropy.reduction,
      "Over what is averaged: all elements, or the rows, whose elements then add up."),
  ]

  public var target: Double?
  public var reduction = LossReduction.mean

  public init() {}

  public init(target: Double?) { self.target = target }

  public static let scale = PredictionScale.logOdds

  var function: ElementLosses.Function { .logistic }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard let target else {
      var signature = try Self.meanSignature(inputs)
      signature.undifferentiable = [1]
      signature.values = [1: .unitInterval]
      return signature
    }
    return try Self.meanSignature(inputs, constant: target)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { meanForward(pass, constant: target) }

  public func backward<S: Scalar>(_ pass: Pass<S>) { meanBackward(pass, constant: target) }

  public static var samples: [Sample<BinaryCrossEntropy>] {
    var ofRows = BinaryCrossEntropy()
    ofRows.reduction = .batchMean
    return [
      Sample(ofRows, inputs: [[3, 4], [3, 4]], values: [.normal, .binary]),
      Sample(BinaryCrossEntropy(), inputs: [[3, 4], [3, 4]], values: [.normal, .binary]),
      Sample(BinaryCrossEntropy(), inputs: [[5, 1], [5]], values: [.normal, .probabilities]),
      Sample(BinaryCrossEntropy(target: 1), inputs: [[4, 1]]),
      Sample(BinaryCrossEntropy(target: 0.1), inputs: [[2, 3]]),
    ]
  }
}
