public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, f] = the maximum of x[n, ., f].
public struct GlobalMaxPooling1D: SequencePooling, MaximumPooling {
  public static let type = "global_max_pooling1d"
  public static let manual = """
    The maximum of each feature over the whole sequence.

    y[n, f] = max over t of x[n, t, f]

    Input [N, T, F], output [N, F]. Of equal steps the first one gets the gradient. Steps that are
    padding take no part; without any other y is 0. As Keras, whose layer takes padding for steps.
    """
  public static let fields: [Field<GlobalMaxPooling1D>] = []

  public var isMasked = false

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    // Steps are numbered by scalars, which are exact up to 2^24.
    if let x = inputs.first, x.rank == 3, x[1] > 1 << 24 {
      throw ShapeError(expects: "sequences of at most 2^24 steps", got: [x])
    }
    var signature = try pooled(inputs)
    signature.saved = signature.outputs
    return signature
  }

  /// One window, as long as the sequence.
  func geometry(on x: Shape) -> PoolingGeometry {
    PoolingGeometry(
      batch: x[0], inputHeight: 1, inputWidth: x[1], channels: x[2], windowHeight: 1,
      windowWidth: x[1], strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingLeft: 0,
      outputHeight: 1, outputWidth: 1)
  }

  public static var samples: [Sample<GlobalMaxPooling1D>] {
    var masked = GlobalMaxPooling1D()
    masked.isMasked = true
    return [
      Sample(GlobalMaxPooling1D(), inputs: [[3, 4, 2]], values: [.distinct]),
      Sample(masked, inputs: [[3, 4, 2], [3, 4]], values: [.distinct, .binary]),
    ]
  }
}
