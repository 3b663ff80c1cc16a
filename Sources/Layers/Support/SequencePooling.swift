import GraphIR
import Kernels
import TensorCore

/// A layer that makes one vector [N, F] of each sequence [N, T, F], of the steps that count.
protocol SequencePooling: MaskedLayer {}

extension SequencePooling {
  public func keptMask(of count: Int) -> Int? { nil }

  /// The sequence, and the signature of what is made of it.
  func pooled(_ inputs: [Shape]) throws(ShapeError) -> Signature {
    let given = isMasked ? Array(inputs.dropLast()) : inputs
    let x = try given.only("one input [N, T, F]") { $0.rank == 3 }
    var signature = Signature(outputs: [[x[0], x[2]]])
    if isMasked {
      guard let mask = inputs.last, mask.dimensions == [x[0], x[1]] else {
        throw ShapeError(expects: "a mask [\(x[0]), \(x[1])]", got: Array(inputs.suffix(1)))
      }
      signature.retains = [.input(1)]
      signature.undifferentiable = [1]
    }
    return signature
  }

  /// The steps that count, of a sequence of this shape; nil where all do.
  func counted<S: Scalar>(_ x: Shape, _ pass: Pass<S>) -> CountedWindows<S>? {
    isMasked
      ? CountedWindows(
        batch: x[0], steps: x[1], features: x[2], mask: UnsafePointer(pass.inputs[1].base)) : nil
  }
}
