import GraphIR
import TensorCore

extension Signature {
  /// That of a function of single elements: one input of any shape, an output of the same.
  ///
  /// - Parameter retained: what its derivative is computed from.
  static func elementwise(
    _ inputs: [Shape], retaining retained: Retained?
  ) throws(ShapeError) -> Signature {
    var signature = Signature(outputs: [try inputs.only("one input")])
    if let retained { signature.retains = [retained] }
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    return signature
  }
}

extension Pass {
  /// Calls `body` with the input, the output and how many elements each has.
  func mapElements(
    _ body: (UnsafePointer<S>, UnsafeMutablePointer<S>, Int) -> Void
  ) {
    body(inputs[0].base, outputs[0].base, outputs[0].count)
  }

  /// Calls `body`, where a gradient is asked for, with `values`, the gradient of the output, that of the input, how
  /// many elements each has, and whether to add.
  func mapGradients(
    of values: View<S>,
    _ body: (UnsafePointer<S>, UnsafePointer<S>, UnsafeMutablePointer<S>, Int, Bool) -> Void
  ) {
    guard let gradient = inputGradients[0] else { return }
    body(
      values.base, outputGradients[0].base, gradient.view.base, gradient.view.count,
      gradient.accumulates)
  }
}
