public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = tanh x, element by element.
public struct Tanh: StepwiseLayer {
  public static let type = "tanh"
  public static let manual = """
    The hyperbolic tangent, between -1 and 1.

    y = tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))

    Input of any shape, output of the same.
    As Keras and PyTorch.
    """
  public static let fields: [Field<Tanh>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .output(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.tanh(x, into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.outputs[0]) { y, dy, dx, count, accumulate in
      Activations.tanhBackward(
        output: y, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
    }
  }

  public static var samples: [Sample<Tanh>] {
    [
      Sample(Tanh(), inputs: [[3, 5]], values: [.normal]),
      Sample(Tanh(), inputs: [[2, 2, 3, 2]], values: [.normal]),
    ]
  }
}
