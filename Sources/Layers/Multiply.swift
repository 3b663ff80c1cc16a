public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = a b, element by element.
public struct Multiply: StepwiseLayer {
  public static let type = "multiply"
  public static let manual = """
    The product of two inputs of one shape, element by element, as of values and their gates.

    y = a b

    Inputs a and b of any one shape, output of the same. As Keras, whose layer takes more than two.
    """
  public static let fields: [Field<Multiply>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count == 2, inputs[0] == inputs[1] else {
      throw ShapeError(expects: "two inputs of one shape", got: inputs)
    }
    var signature = Signature(outputs: [inputs[0]])
    signature.retains = [.input(0), .input(1)]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (a, b, y) = (pass.inputs[0], pass.inputs[1], pass.outputs[0])
    Elementwise.multiply(a.base, b.base, into: y.base, count: y.count, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let dy = pass.outputGradients[0]
    for input in 0..<2 {
      guard let gradient = pass.inputGradients[input] else { continue }
      Elementwise.multiply(
        dy.base, pass.inputs[1 - input].base, into: gradient.view.base, count: dy.count,
        accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<Multiply>] {
    [Sample(Multiply(), inputs: [[2, 3, 2], [2, 3, 2]])]
  }
}
