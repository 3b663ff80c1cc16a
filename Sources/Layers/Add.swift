public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = a + b + ..., element by element.
public struct Add: StepwiseLayer {
  public static let type = "add"
  public static let manual = """
    The sum of two or more inputs of one shape, as at the end of a residual block.

    y = x_1 + x_2 + ... + x_k

    Inputs of any one shape, output of the same.
    """
  public static let fields: [Field<Add>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    guard inputs.count >= 2, inputs.allSatisfy({ $0 == inputs[0] }) else {
      throw ShapeError(expects: "two or more inputs of one shape", got: inputs)
    }
    var signature = Signature(outputs: [inputs[0]])
    signature.forwardInPlace = true
    signature.backwardInPlace = true
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let sum = pass.outputs[0]
    var partial = pass.inputs[0]
    for input in pass.inputs.dropFirst() {
      Elementwise.add(
        partial.base, input.base, into: sum.base, count: sum.count, pool: pass.pool)
      partial = sum
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    for input in pass.inputs.indices { pass.passBack(to: input) }
  }

  public static var samples: [Sample<Add>] {
    [
      Sample(Add(), inputs: [[2, 3], [2, 3]]),
      Sample(Add(), inputs: [[2, 2, 2], [2, 2, 2], [2, 2, 2]]),
    ]
  }
}
