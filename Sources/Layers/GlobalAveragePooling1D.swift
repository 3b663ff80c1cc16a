public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, f] = the mean of x[n, ., f].
public struct GlobalAveragePooling1D: SequencePooling {
  public static let type = "global_average_pooling1d"
  public static let manual = """
    The mean of each feature over the whole sequence.

    y[n, f] = mean over t of x[n, t, f]

    Input [N, T, F], output [N, F]. Steps that are padding take no part; without any other y is 0.
    As Keras.
    """
  public static let fields: [Field<GlobalAveragePooling1D>] = []

  public var isMasked = false

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    try pooled(inputs)
  }

  /// One window, as long as the sequence.
  private func averages(_ x: Shape) -> StepAverages {
    StepAverages(
      batch: x[0], steps: x[1], channels: x[2], window: x[1], stride: 1, paddingBefore: 0,
      outputs: 1, edge: .excluded)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    if let counted = counted(x.shape, pass) {
      counted.mean(x.base, into: y.base, pool: pass.pool)
    } else {
      averages(x.shape).forward(x.base, into: y.base, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (dy, dx) = (pass.outputGradients[0], gradient.view)
    if let counted = counted(dx.shape, pass) {
      counted.meanGradient(
        dy.base, into: dx.base, accumulate: gradient.accumulates, pool: pass.pool)
    } else {
      averages(dx.shape).backward(
        dy.base, into: dx.base, accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<GlobalAveragePooling1D>] {
    var masked = GlobalAveragePooling1D()
    masked.isMasked = true
    return [
      Sample(GlobalAveragePooling1D(), inputs: [[3, 4, 2]]),
      Sample(masked, inputs: [[3, 4, 2], [3, 4]], values: [.normal, .binary]),
    ]
  }
}
