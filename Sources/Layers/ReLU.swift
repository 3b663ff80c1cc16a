public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = max(x, 0), element by element.
public struct ReLU: NeverFallingLayer {
  public static let type = "relu"
  public static let manual = """
    The rectifier: what is negative becomes zero.

    y = max(x, 0)

    Input of any shape, output of the same.
    Source: V. Nair, G. Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.
    """
  public static let fields: [Field<ReLU>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .output(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.relu(x, into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.outputs[0]) { y, dy, dx, count, accumulate in
      Activations.reluBackward(
        output: y, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
    }
  }

  public static var samples: [Sample<ReLU>] {
    [
      Sample(ReLU(), inputs: [[3, 5]], values: [.awayFromZero]),
      Sample(ReLU(), inputs: [[2, 2, 3, 2]], values: [.awayFromZero]),
    ]
  }
}
