public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = ln(1 + eˣ), element by element.
public struct Softplus: StepwiseLayer {
  public static let type = "softplus"
  public static let manual = """
    A smooth rectifier.

    y = ln(1 + exp(x)), computed so that no x overflows

    Input of any shape, output of the same.
    Source: C. Dugas et al., "Incorporating second-order functional knowledge", 2001.
    """
  public static let fields: [Field<Softplus>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .input(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.softplus(x, into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.inputs[0]) { x, dy, dx, count, accumulate in
      Activations.softplusBackward(
        input: x, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
    }
  }

  public static var samples: [Sample<Softplus>] {
    [
      Sample(Softplus(), inputs: [[3, 5]], values: [.normal]),
      Sample(Softplus(), inputs: [[2, 2, 3, 2]], values: [.normal]),
    ]
  }
}
