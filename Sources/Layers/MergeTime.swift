public import GraphIR
public import Settings
public import TensorCore

/// y[n T + t] = x[n, t]: every step a row of the batch.
public struct MergeTime: StepMergingLayer {
  public static let type = "merge_time"
  public static let manual = """
    Makes every step of a sequence a row of the batch, so that what follows sees steps one by one.

    y[n T + t, ...] = x[n, t, ...]

    Input [N, T, ...], output [N T, ...]; split_time makes sequences of the rows again. Both copy no
    numbers. Batch normalisation in between takes its means over all steps; where some of them are
    padding, layers in between must take rows one by one, and split_time knows the padding again.
    """
  public static let fields: [Field<MergeTime>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, ...] with an axis behind time") { $0.rank >= 3 }
    return .passingOn(as: try Shape(checked: [x[0] * x[1]] + x.dimensions.dropFirst(2)))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { pass.passOn() }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  public static var samples: [Sample<MergeTime>] {
    [
      Sample(MergeTime(), inputs: [[2, 3, 4]]),
      Sample(MergeTime(), inputs: [[2, 2, 3, 2, 1]]),
    ]
  }
}
