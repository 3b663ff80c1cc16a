public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = a - b, element by element.
public struct Subtract: StepwiseLayer {
  public static let type = "subtract"
  public static let manual = """
    The difference of two inputs of one shape, as of a series and its moving average.

    y = a - b

    Inputs a and b of any one shape, output of the same. As Keras.
    """
  public static let fields: [Field<Subtract>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw ShapeError(expects: "two inputs of one shape", got: inputs)
    }
    var signature = Signature(outputs: [inputs[0]])
    signature.forwardInPlace = true
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (a, b, y) = (pass.inputs[0], pass.inputs[1], pass.outputs[0])
    Elementwise.subtract(a.base, b.base, into: y.base, count: y.count, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.passBack(to: 0)
    guard let gradient = pass.inputGradients[1] else { return }
    let dy = pass.outputGradients[0]
    Elementwise.scale(
      dy.base, by: -1, into: gradient.view.base, count: dy.count,
      accumulate: gradient.accumulates, pool: pass.pool)
  }

  public static var samples: [Sample<Subtract>] {
    [Sample(Subtract(), inputs: [[2, 3, 2], [2, 3, 2]])]
  }
}
