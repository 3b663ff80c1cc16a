import GraphIR
import Kernels
import TensorCore

extension Signature {
  /// That of a layer whose output is its input under another shape.
  static func passingOn(as output: Shape) -> Signature {
    var signature = Signature(outputs: [output])
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    signature.passesOn = true
    return signature
  }
}

extension Pass {
  /// y = x, where the two do not lie in one place already.
  func passOn() {
    let (x, y) = (inputs[0], outputs[0])
    if x.base != y.base { Elementwise.copy(x.base, into: y.base, count: y.count, pool: pool) }
  }

  /// dx = dy for one input, where the two do not lie in one place already.
  func passBack(to input: Int = 0) {
    guard let gradient = inputGradients[input] else { return }
    let dy = outputGradients[0]
    if gradient.accumulates || gradient.view.base != dy.base {
      Elementwise.copy(
        dy.base, into: gradient.view.base, count: dy.count, accumulate: gradient.accumulates,
        pool: pool)
    }
  }
}
