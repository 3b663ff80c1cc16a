public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// The inputs side by side on one axis.
public struct Concatenate: StepwiseLayer, MaskJoiningLayer {
  public static let type = "concatenate"
  public static let manual = """
    Puts two or more inputs side by side on one axis.

    y[..., 0 ..< A_1, ...] = x_1, y[..., A_1 ..< A_1 + A_2, ...] = x_2, and so on.

    Inputs [N, ..., A_i, ...] that differ in no axis but the one named, output
    [N, ..., A_1 + A_2 + ..., ...]. Axes count from 0, the batch; negative ones from the end. As Keras.
    Steps that are padding stay so where sequences are put behind one another.
    """
  public static let fields = [
    Field(
      "axis", \Concatenate.axis,
      Bounds("not 0, the batch") { $0 != 0 }, "The axis; -1 is the last.")
  ]

  public var axis = -1

  public init() {}

  public init(axis: Int) { self.axis = axis }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count >= 2, let first = inputs.first,
      (1..<max(1, first.rank)).contains(position(in: first)),
      inputs.allSatisfy({ around($0) == around(first) })
    else {
      throw ShapeError(
        expects: "two or more inputs that differ at most in axis \(axis), which is not the batch",
        got: inputs)
    }
    var total = 0
    for input in inputs {
      let sum = total.addingReportingOverflow(input[axis])
      guard !sum.overflow else { throw ShapeError("would make a tensor that is too large") }
      total = sum.partialValue
    }
    var dimensions = first.dimensions
    dimensions[position(in: first)] = total
    return Signature(outputs: [try Shape(checked: dimensions)])
  }

  /// Unless it puts sequences behind one another.
  public var isStepwise: Bool { axis == -1 || axis > 1 }

  public func maskJoiner(of masked: [Bool]) -> (any Layer)? {
    axis == 1 ? JoinedMask(masked: masked) : nil
  }

  /// The axis counted from the front; wraps around harmlessly where it is none.
  private func position(in shape: Shape) -> Int {
    axis < 0 ? shape.rank &+ axis : axis
  }

  /// The shape with the axis taken as 1.
  private func around(_ shape: Shape) -> [Int]? {
    guard shape.dimensions.indices.contains(position(in: shape)) else { return nil }
    var dimensions = shape.dimensions
    dimensions[position(in: shape)] = 1
    return dimensions
  }

  /// How many scalars of an input lie together: those of the axis and of all behind it.
  private func block(_ shape: Shape) -> Int {
    var count = 1
    for axis in position(in: shape)..<shape.rank { count *= shape[axis] }
    return count
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let y = pass.outputs[0]
    let stride = block(y.shape)
    var offset = 0
    for index in pass.inputs.indices {
      let x = pass.inputs[index]
      let columns = block(x.shape)
      Blocks.copy(
        x.base, from: columns, into: y.base + offset, to: stride, rows: y.count / stride,
        columns: columns, pool: pass.pool)
      offset += columns
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let dy = pass.outputGradients[0]
    let stride = block(dy.shape)
    var offset = 0
    for index in pass.inputs.indices {
      let columns = block(pass.inputs[index].shape)
      if let gradient = pass.inputGradients[index] {
        Blocks.copy(
          dy.base + offset, from: stride, into: gradient.view.base, to: columns,
          rows: dy.count / stride, columns: columns, accumulate: gradient.accumulates,
          pool: pass.pool)
      }
      offset += columns
    }
  }

  public static var samples: [Sample<Concatenate>] {
    [
      Sample(Concatenate(), inputs: [[2, 3], [2, 2], [2, 1]]),
      Sample(Concatenate(axis: 1), inputs: [[2, 2, 3], [2, 1, 3]]),
      Sample(Concatenate(), inputs: [[2, 2, 2], [2, 2, 2]]),
    ]
  }
}
