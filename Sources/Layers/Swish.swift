public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x σ(x), element by element.
public struct Swish: StepwiseLayer {
  public static let type = "swish"
  public static let manual = """
    Swish, also called SiLU: x times its own logistic function.

    y = x / (1 + exp(-x))

    Input of any shape, output of the same.
    Source: P. Ramachandran, B. Zoph, Q. Le, "Searching for activation functions", 2017.
    """
  public static let fields: [Field<Swish>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .input(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.swish(x, into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.inputs[0]) { x, dy, dx, count, accumulate in
      Activations.swishBackward(
        input: x, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
    }
  }

  public static var samples: [Sample<Swish>] {
    [
      Sample(Swish(), inputs: [[3, 5]], values: [.normal]),
      Sample(Swish(), inputs: [[2, 2, 3, 2]], values: [.normal]),
    ]
  }
}
