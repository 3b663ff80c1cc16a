import GraphIR
import Kernels
import TensorCore

/// A layer that makes one step of each window of a sequence [N, T, F], of the steps that count.
protocol WindowPooling: MaskedLayer, MaskMappingLayer {
  var poolSize: Int { get }
  var strides: Int? { get }
  /// Whether windows reach outside the sequence, so that a stride of 1 keeps the length.
  var reachesOutside: Bool { get }
}

extension WindowPooling {
  var stride: Int { strides ?? poolSize }

  public func keptMask(of count: Int) -> Int? { reachesOutside && stride == 1 ? 0 : nil }

  public var maskMap: (any Layer)? {
    if reachesOutside { return stride == 1 ? nil : WindowMask(window: 1, strides: stride) }
    return WindowMask(window: poolSize, strides: stride)
  }

  /// Where the windows lie on a sequence of this shape.
  func windows(on x: Shape) throws(ShapeError) -> WindowPlacement.Axis {
    try WindowPlacement.steps(
      of: x, window: poolSize, stride: stride, reachesOutside ? nil : (0, 0))
  }

  /// The same where the shape rule has accepted the shape.
  func acceptedWindows(on x: Shape) -> WindowPlacement.Axis {
    do { return try windows(on: x) } catch { preconditionFailure(error.description) }
  }

  /// What is made of a sequence, and of its mask where there is one.
  func pooled(_ inputs: [Shape]) throws(ShapeError) -> Signature {
    let given = isMasked ? Array(inputs.dropLast()) : inputs
    let x = try given.only("one input [N, T, F]") { $0.rank == 3 }
    var signature = Signature(outputs: [[x[0], try windows(on: x).output, x[2]]])
    if isMasked {
      try WindowPlacement.checkMask(
        inputs.last, of: x, reach: poolSize, stride: stride, isSame: reachesOutside)
      signature.retains = [.input(1)]
      signature.undifferentiable = [1]
    }
    return signature
  }

  /// The windows on a sequence of this shape without its padding; nil where it has none.
  func counted<S: Scalar>(_ x: Shape, _ pass: Pass<S>) -> CountedWindows<S>? {
    guard isMasked else { return nil }
    let windows = acceptedWindows(on: x)
    return CountedWindows(
      batch: x[0], steps: x[1], features: x[2], window: poolSize, stride: stride,
      paddingBefore: windows.paddingBefore, outputs: windows.output,
      rule: reachesOutside ? .placed : .whole, mask: UnsafePointer(pass.inputs[1].base))
  }
}
