public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = x where x is positive, else α (eˣ - 1), element by element.
public struct ELU: StepwiseLayer {
  public static let type = "elu"
  public static let manual = """
    The exponential linear unit: its negative side levels out at -alpha.

    y = x where x > 0, else alpha (exp(x) - 1)

    Input of any shape, output of the same.
    Source: D. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by
    exponential linear units", ICLR 2016.
    """
  public static let fields = [
    Field("alpha", \ELU.alpha, .atLeast(0), "Where the negative side levels out.")
  ]

  public var alpha = 1.0

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try .elementwise(inputs, retaining: .output(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapElements { x, y, count in
      Activations.elu(x, alpha: S(alpha), into: y, count: count, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    pass.mapGradients(of: pass.outputs[0]) { y, dy, dx, count, accumulate in
      Activations.eluBackward(
        output: y, alpha: S(alpha), dy, into: dx, count: count, accumulate: accumulate,
        pool: pass.pool)
    }
  }

  public static var samples: [Sample<ELU>] {
    var shallow = ELU()
    shallow.alpha = 0.4
    return [
      Sample(ELU(), inputs: [[3, 5]], values: [.awayFromZero]),
      Sample(shallow, inputs: [[2, 2, 3, 2]], values: [.awayFromZero]),
    ]
  }
}
