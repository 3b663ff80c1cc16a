public import GraphIR
public import Settings
public import TensorCore

/// y = x, with a mask.
public struct Masking: StepwiseLayer, MaskingLayer {
  public static let type = "masking"
  public static let manual = """
    Has the layers behind leave out steps that are padding.

    y = x. A step x[n, t] whose numbers are all mask_value is padding.

    Input [N, T, ...], output of the same shape. Sequences of tokens need none: an embedding has
    mask_zero. As Keras.
    """
  public static let fields = [
    Field("mask_value", \Masking.maskValue, "The number that padding holds.")
  ]

  public var maskValue = 0.0

  public init() {}

  public var maskMaker: (any Layer)? { StepMask(maskValue: maskValue) }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    .passingOn(as: try inputs.only("one sequence [N, T, ...]") { $0.rank >= 2 })
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) { pass.passOn() }

  public func backward<S: Scalar>(_ pass: Pass<S>) { pass.passBack() }

  public static var samples: [Sample<Masking>] {
    [Sample(Masking(), inputs: [[2, 3, 2]])]
  }
}
