import GraphIR
import Kernels
import TensorCore

/// A loss that is the mean over all elements of a function of one prediction and one target.
protocol MeanLoss: Loss {
  var function: ElementLosses.Function { get }
}

extension MeanLoss {
  /// One prediction and one target of one shape, up to a last axis of one that either may lack.
  static func meanSignature(_ inputs: [Shape]) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0].rank >= 1, inputs[1].rank >= 1,
      inputs[0] == inputs[1] || inputs[0] == inputs[1].appendingOne
        || inputs[0].appendingOne == inputs[1]
    else {
      throw ShapeError(expects: "a prediction and a target of one shape [N, ...]", got: inputs)
    }
    var signature = Signature(outputs: [[]])
    signature.retains = [.input(0), .input(1)]
    return signature
  }

  func meanForward<S: Scalar>(_ pass: Pass<S>) {
    let (prediction, target) = (pass.inputs[0], pass.inputs[1])
    let sum = ElementLosses.sum(
      function, prediction.base, target.base, count: prediction.count, pool: pass.pool)
    pass.outputs[0][0] = S(sum / Double(prediction.count))
  }

  /// The gradient of the prediction, and where the function is one of the difference alone, of the target.
  func meanBackward<S: Scalar>(_ pass: Pass<S>) {
    let (prediction, target) = (pass.inputs[0], pass.inputs[1])
    let factor = pass.outputGradients[0][0] / S(prediction.count)
    for (input, factor) in [(0, factor), (1, -factor)] {
      guard let gradient = pass.inputGradients[input] else { continue }
      ElementLosses.gradient(
        function, prediction.base, target.base, factor: factor, into: gradient.view.base,
        count: prediction.count, accumulate: gradient.accumulates, pool: pass.pool)
    }
  }
}

extension Shape {
  fileprivate var appendingOne: Shape { Shape(dimensions + [1]) }
}
