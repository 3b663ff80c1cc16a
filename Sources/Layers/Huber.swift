public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// L = Σ h(p - t) / E, h quadratic near zero and linear beyond delta.
public struct Huber: MeanLoss {
  public static let type = "huber"
  public static let manual = """
    A squared error that grows only linearly where the difference is large.

    L = sum of h(p - t) / E
    h(d) = d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2)

    Inputs: prediction p and target t of one shape [N, ...] (a last axis of 1 may be lacking in either),
    E elements in all (with the reduction batch_mean, E = N); output []. As Keras and PyTorch.
    Source: P. Huber, "Robust estimation of a location parameter", 1964.
    """
  public static let fields = [
    Field("delta", \Huber.delta, .above(0), "Where the error becomes linear."),
    Field(
      "reduction", \Huber.reduction,
      "Over what is averaged: all elements, or the rows, whose elements then add up."),
  ]

  public var delta = 1.0
  public var reduction = LossReduction.mean

  public init() {}

  var function: ElementLosses.Function { .huber(delta: delta) }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try Self.meanSignature(inputs)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { meanForward(pass) }

  public func backward<S: Scalar>(_ pass: Pass<S>) { meanBackward(pass) }

  public static var samples: [Sample<Huber>] {
    var narrow = Huber()
    narrow.delta = 0.5
    return [
      Sample(Huber(), inputs: [[3, 4], [3, 4]]), Sample(narrow, inputs: [[5], [5, 1]]),
    ]
  }
}
