public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// One slice across an axis: y[..., ...] = x[..., index, ...].
public struct Select: MaskedLayer {
  public static let type = "select"
  public static let manual = """
    Takes one position of an axis, such as the first of a sequence, and leaves the axis out.

    y[..., ...] = x[..., index, ...]

    Input [N, ..., A, ...], output [N, ..., ...] without the axis. Axes count from 0, the batch;
    negative ones, and a negative index, from the end. Of the steps of a sequence of which some are
    padding only the others are counted, so -1 is the last that counts; 0 where there are too few.
    """
  public static let fields = [
    Field(
      "axis", \Select.axis, Bounds("not 0, the batch") { $0 != 0 }, "The axis; -1 is the last."),
    Field("index", \Select.index, required: true, "The position on it, from 0; -1 is the last."),
  ]

  public var axis = 1
  public var index = 0
  public var isMasked = false

  public init() {}

  public init(axis: Int, index: Int) {
    self.axis = axis
    self.index = index
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let values = isMasked ? Array(inputs.dropLast()) : inputs
    let x = try values.only("one input that has axis \(axis), which is not the batch") {
      (1..<max(1, $0.rank)).contains(axis < 0 ? $0.rank &+ axis : axis)
        && (!isMasked || inputs.last == Shape(Array($0.dimensions.prefix(2))))
    }
    let position = axis(of: x)
    let extent = x[position]
    guard (-extent..<extent).contains(index) else {
      throw ShapeError(expects: "more positions on axis \(axis), for index \(index)", got: inputs)
    }
    var dimensions = x.dimensions
    dimensions.remove(at: position)
    var signature = Signature(outputs: [Shape(dimensions)])
    if isMasked {
      signature.undifferentiable = [1]
      signature.retains = [.input(1)]
    }
    return signature
  }

  /// What is behind the steps is the same for all; a step alone has no others that could be padding.
  public func keptMask(of count: Int) -> Int? { axis > 1 ? 0 : nil }

  /// Only who counts steps must know which count; there is no input -1.
  public func maskedInput(of count: Int) -> Int { axis == 1 ? 0 : -1 }

  /// The step of a sequence that is meant, of those that count; nil where there are too few.
  private func step<S: Scalar>(_ mask: UnsafePointer<S>, _ count: Int) -> Int? {
    var left = index < 0 ? -index : index + 1
    for place in 0..<count {
      let step = index < 0 ? count - 1 - place : place
      if mask[step] != 0 { left -= 1 }
      if left == 0 { return step }
    }
    return nil
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
    if isMasked {
      let (mask, steps) = (pass.inputs[1].base, x.shape[1])
      for n in 0..<x.shape[0] {
        let row = y.base + n * block.length
        if let step = step(UnsafePointer(mask + n * steps), steps) {
          row.update(from: x.base + n * block.stride + step * block.length, count: block.length)
        } else {
          row.update(repeating: 0, count: block.length)
        }
      }
      return
    }
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
    if isMasked {
      let (mask, steps) = (pass.inputs[1].base, dx.shape[1])
      for n in 0..<dx.shape[0] {
        guard let step = step(UnsafePointer(mask + n * steps), steps) else { continue }
        let place = dx.base + n * block.stride + step * block.length
        for i in 0..<block.length { place[i] += dy.base[n * block.length + i] }
      }
      return
    }
    Blocks.copy(
      dy.base, from: block.length, into: dx.base + block.offset, to: block.stride,
      rows: dy.count / block.length, columns: block.length, accumulate: gradient.accumulates,
      pool: pass.pool)
  }

  public static var samples: [Sample<Select>] {
    var first = Select(axis: 1, index: 0)
    var last = Select(axis: 1, index: -1)
    (first.isMasked, last.isMasked) = (true, true)
    return [
      Sample(first, inputs: [[3, 4, 2], [3, 4]], values: [.normal, .binary]),
      Sample(last, inputs: [[2, 5, 3], [2, 5]], values: [.normal, .binary]),
      Sample(Select(axis: 1, index: 0), inputs: [[3, 4, 2]]),
      Sample(Select(axis: -1, index: -2), inputs: [[2, 2, 3]]),
      Sample(Select(axis: 2, index: 1), inputs: [[2, 2, 3, 2]]),
    ]
  }
}
