public import GraphIR
public import Settings
public import TensorCore

/// y[n, t] = x[n T + t]: sequences of the rows that merge_time made of them.
public struct SplitTime: MaskKeepingLayer {
  public static let type = "split_time"
  public static let manual = """
    Makes sequences of the rows that merge_time made of them.

    y[n, t, ...] = x[n T + t, ...]

    Inputs: x [N T, ...] and the sequence that was merged, [N, T, ...], which tells N and T; of its
    numbers none is read, and it gets no gradient. Output [N, T, ...] with the rows of x; its padding
    is that of the sequence.
    """
  public static let fields: [Field<SplitTime>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0].rank >= 1, inputs[1].rank >= 2,
      inputs[0][0] == inputs[1][0] * inputs[1][1]
    else {
      throw ShapeError(
        expects: "x [N T, ...] and the sequence [N, T, ...] that was merged", got: inputs)
    }
    let (x, sequence) = (inputs[0], inputs[1])
    var signature = Signature.passingOn(
      as: try Shape(checked: [sequence[0], sequence[1]] + x.dimensions.dropFirst()))
    signature.undifferentiable = [1]
    return signature
  }

  public func keptMask(of count: Int) -> Int? { 1 }

  public func forward<S: Scalar>(_ pass: Pass<S>) { pass.passOn() }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  public static var samples: [Sample<SplitTime>] {
    [
      Sample(SplitTime(), inputs: [[6, 4], [2, 3, 2]]),
      Sample(SplitTime(), inputs: [[2, 3, 2], [1, 2]]),
    ]
  }
}
