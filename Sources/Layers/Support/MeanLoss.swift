import GraphIR
import Kernels
import TensorCore

/// A loss that is the mean of a function of one prediction and one target, over all elements or over rows.
protocol MeanLoss: Loss {
  var function: ElementLosses.Function { get }
  var reduction: LossReduction { get }
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

  /// A prediction alone, whose target is a setting.
  static func meanSignature(
    _ inputs: [Shape], constant: Double
  ) throws(ShapeError) -> Signature {
    _ = try inputs.only("a prediction [N, ...] and nothing else, for its target is \(constant)") {
      $0.rank >= 1
    }
    var signature = Signature(outputs: [[]])
    signature.retains = [.input(0)]
    return signature
  }

  /// L = Σ f(p, t) / E; the targets are the second input unless there is a `constant`.
  func meanForward<S: Scalar>(_ pass: Pass<S>, constant: Double? = nil) {
    let prediction = pass.inputs[0]
    let sum = ElementLosses.sum(
      function, prediction.base, targets(pass, constant), count: prediction.count,
      pool: pass.pool)
    pass.outputs[0][0] = S(sum / Double(divisor(prediction.shape)))
  }

  /// The gradient of the prediction, and where the function is one of the difference alone, of the target.
  func meanBackward<S: Scalar>(_ pass: Pass<S>, constant: Double? = nil) {
    let prediction = pass.inputs[0]
    let factor = pass.outputGradients[0][0] / S(divisor(prediction.shape))
    for input in pass.inputGradients.indices {
      guard let gradient = pass.inputGradients[input] else { continue }
      ElementLosses.gradient(
        function, prediction.base, targets(pass, constant), factor: input == 0 ? factor : -factor,
        into: gradient.view.base, count: prediction.count, accumulate: gradient.accumulates,
        pool: pass.pool)
    }
  }

  /// What the sum is divided by.
  private func divisor(_ prediction: Shape) -> Int {
    switch reduction {
    case .mean: prediction.count
    case .batchMean: prediction[0]
    }
  }

  private func targets<S: Scalar>(
    _ pass: Pass<S>, _ constant: Double?
  ) -> ElementLosses.Targets<S> {
    constant.map { .constant(S($0)) } ?? .elements(UnsafePointer(pass.inputs[1].base))
  }
}

extension Shape {
  fileprivate var appendingOne: Shape { Shape(dimensions + [1]) }
}
