public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x Φ(x), element by element, or its approximation by a tanh.
public struct GELU: StepwiseLayer {
  public static let type = "gelu"
  public static let manual = """
    The Gaussian error linear unit: x times the normal distribution function of x.

    y = x Phi(x) = x (1 + erf(x / sqrt(2))) / 2
    approximate: y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2

    Input of any shape, output of the same.
    Source: D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016. As Keras, exact by default.
    """
  public static let fields = [
    Field("approximate", \GELU.approximate, "Whether to use the approximation by a tanh.")
  ]

  public var approximate = false

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .input(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      if approximate {
        Activations.geluTanh(x, into: y, count: count, pool: pass.pool)
      } else {
        Activations.gelu(x, into: y, count: count, pool: pass.pool)
      }
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.inputs[0]) { x, dy, dx, count, accumulate in
      if approximate {
        Activations.geluTanhBackward(
          input: x, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
      } else {
        Activations.geluBackward(
          input: x, dy, into: dx, count: count, accumulate: accumulate, pool: pass.pool)
      }
    }
  }

  public static var samples: [Sample<GELU>] {
    var approximate = GELU()
    approximate.approximate = true
    return [
      Sample(GELU(), inputs: [[3, 5]]), Sample(approximate, inputs: [[2, 2, 3, 2]]),
    ]
  }
}
