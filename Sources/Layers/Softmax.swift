public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = eˣ / Σ eˣ over the last axis.
public struct Softmax: StepwiseLayer {
  public static let type = "softmax"
  public static let manual = """
    Turns each vector of the last axis into positive numbers that sum to 1.

    y[m, c] = exp(x[m, c]) / sum over k of exp(x[m, k])

    Input [N, ..., C], output of the same shape. A classifier trained with softmax_cross_entropy ends
    without it: that loss takes logits.
    """
  public static let fields: [Field<Softmax>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ..., C]") { $0.rank >= 2 }
    return try .elementwise([x], retaining: .output(0))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    Kernels.Softmax.forward(
      x.base, into: y.base, rows: y.count / y.shape.last, columns: y.shape.last, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let y = pass.outputs[0]
    Kernels.Softmax.backward(
      output: y.base, pass.outputGradients[0].base, into: gradient.view.base,
      rows: y.count / y.shape.last, columns: y.shape.last, accumulate: gradient.accumulates,
      pool: pass.pool)
  }

  public static var samples: [Sample<Softmax>] {
    [Sample(Softmax(), inputs: [[3, 5]]), Sample(Softmax(), inputs: [[2, 3, 4]])]
  }
}
