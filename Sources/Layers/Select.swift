public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// One slice across an axis: y[..., ...] = x[..., index, ...].
public struct Select: Layer {
  public static let type = "select"
  public static let manual = """
    Takes one position of an axis, such as the first of a sequence, and leaves the axis out.

    y[..., ...] = x[..., index, ...]

    Input [N, ..., A, ...], output [N, ..., ...] without the axis. Axes count from 0, the batch;
    negative ones, and a negative index, from the end.
    """
  public static let fields = [
    Field(
      "axis", \Select.axis, Bounds("not 0, the batch") { $0 != 0 }, "The axis; -1 is the last."),
    Field("index", \Select.index, required: true, "The position on it, from 0; -1 is the last."),
  ]

  public var axis = 1
  public var index = 0

  public init() {}

  public init(axis: Int, index: Int) {
    self.axis = axis
    self.index = index
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input that has axis \(axis), which is not the batch") {
      (1..<max(1, $0.rank)).contains(axis < 0 ? $0.rank &+ axis : axis)
    }
    let position = axis(of: x)
    let extent = x[position]
    guard (-extent..<extent).contains(index) else {
      throw ShapeError(expects: "more positions on axis \(axis), for index \(index)", got: inputs)
    }
    var dimensions = x.dimensions
    dimensions.remove(at: position)
    return Signature(outputs: [Shape(dimensions)])
  }

  private func axis(of shape: Shape) -> Int { axis < 0 ? shape.rank + axis : axis }

  /// Scalars that lie together in the output, in the input, and from where in those of the input they begin.
  private func block(_ x: Shape) -> (length: Int, stride: Int, offset: Int) {
    let axis = axis(of: x)
    var length = 1
    for behind in axis + 1..<x.rank { length *= x[behind] }
    let position = index < 0 ? x[axis] + index : index
    return (length, x[axis] * length, position * length)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    let block = block(x.shape)
    Blocks.copy(
      x.base + block.offset, from: block.stride, into: y.base, to: block.length,
      rows: y.count / block.length, columns: block.length, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (dy, dx) = (pass.outputGradients[0], gradient.view)
    let block = block(dx.shape)
    if !gradient.accumulates {
      Elementwise.fill(0, into: dx.base, count: dx.count, pool: pass.pool)
    }
    Blocks.copy(
      dy.base, from: block.length, into: dx.base + block.offset, to: block.stride,
      rows: dy.count / block.length, columns: block.length, accumulate: gradient.accumulates,
      pool: pass.pool)
  }

  public static var samples: [Sample<Select>] {
    [
      Sample(Select(axis: 1, index: 0), inputs: [[3, 4, 2]]),
      Sample(Select(axis: -1, index: -2), inputs: [[2, 2, 3]]),
      Sample(Select(axis: 2, index: 1), inputs: [[2, 2, 3, 2]]),
    ]
  }
}
