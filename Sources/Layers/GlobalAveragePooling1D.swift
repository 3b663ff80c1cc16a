public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, f] = the mean of x[n, ., f].
public struct GlobalAveragePooling1D: Layer {
  public static let type = "global_average_pooling1d"
  public static let manual = """
    The mean of each feature over the whole sequence.

    y[n, f] = mean over t of x[n, t, f]

    Input [N, T, F], output [N, F]. As Keras.
    """
  public static let fields: [Field<GlobalAveragePooling1D>] = []

  public init() {}

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, F]") { $0.rank == 3 }
    return Signature(outputs: [[x[0], x[2]]])
  }

  /// One window, as long as the sequence.
  private func averages(_ x: Shape) -> StepAverages {
    StepAverages(
      batch: x[0], steps: x[1], channels: x[2], window: x[1], stride: 1, paddingBefore: 0,
      outputs: 1, edge: .excluded)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    averages(pass.inputs[0].shape).forward(
      pass.inputs[0].base, into: pass.outputs[0].base, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    averages(gradient.view.shape).backward(
      pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
      pool: pass.pool)
  }

  public static var samples: [Sample<GlobalAveragePooling1D>] {
    [Sample(GlobalAveragePooling1D(), inputs: [[3, 4, 2]])]
  }
}
