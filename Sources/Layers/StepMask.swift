public import GraphIR
public import Settings
public import TensorCore

/// m[n, t] = 1 where x[n, t] is not all v, else 0.
public struct StepMask: StepwiseLayer {
  public static let type = "step_mask"
  public static let manual = """
    Tells which steps of sequences are padding.

    y[n, t] = 0 where x[n, t] is v, or where all of x[n, t, ...] are, else 1; v = mask_value.

    Input [N, T] or [N, T, ...], output [N, T] without a gradient. An embedding with mask_zero and the
    layer masking put one into the graph by themselves.
    """
  public static let fields = [
    Field("mask_value", \StepMask.maskValue, "v, the number that padding holds.")
  ]

  public var maskValue = 0.0

  public init() {}

  public init(maskValue: Double) { self.maskValue = maskValue }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one sequence [N, T] or [N, T, ...]") { $0.rank >= 2 }
    var signature = Signature(outputs: [[x[0], x[1]]])
    signature.undifferentiable = [0]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    let (width, value) = (x.count / max(1, y.count), S(maskValue))
    for step in 0..<y.count {
      let numbers = x.base + step * width
      y[step] = (0..<width).contains { numbers[$0] != value } ? 1 : 0
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {}

  public static var samples: [Sample<StepMask>] {
    [
      Sample(StepMask(), inputs: [[2, 3]], values: [.binary]),
      Sample(StepMask(maskValue: 1), inputs: [[2, 4, 2]], values: [.binary]),
    ]
  }
}
