public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = 1 / (1 + e⁻ˣ), element by element.
public struct Sigmoid: StepwiseLayer {
  public static let type = "sigmoid"
  public static let manual = """
    The logistic function, between 0 and 1.

    y = 1 / (1 + exp(-x))

    Input of any shape, output of the same.
    A classifier trained with binary_cross_entropy ends without it: that loss takes logits.
    """
  public static let fields: [Field<Sigmoid>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .output(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.sigmoid(x, into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.outputs[0]) { y, dy, dx, count, accumulate in
      Activations.sigmoidBackward(
        output: y, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
    }
  }

  public static var samples: [Sample<Sigmoid>] {
    [
      Sample(Sigmoid(), inputs: [[3, 5]], values: [.normal]),
      Sample(Sigmoid(), inputs: [[2, 2, 3, 2]], values: [.normal]),
    ]
  }
}
