public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = the mean of x[n, ., f] over the window at t.
public struct AveragePooling1D: Layer {
  /// How far windows reach outside the sequence, and what they find there.
  public enum Padding: String, CaseIterable, SettingValue {
    /// Every window lies in the sequence.
    case valid
    /// As far as a stride of 1 keeps the length; what lies outside takes no part.
    case same
    /// As far as `same`; the first and the last step are repeated.
    case replicate
  }

  public static let type = "average_pooling1d"
  public static let manual = """
    The mean of each window of a sequence, feature by feature.

    y[n, t, f] = mean over a of x[n, t s - p + a, f]

    Input [N, T, F], output [N, T', F]. With valid padding T' = (T - pool_size) / s + 1, rounded down,
    and p = 0; with same and replicate padding T' = T / s, rounded up, and of the steps that are missing
    an odd one lies after the sequence. With same the mean is over the steps of the window that lie in
    the sequence, as in Keras; with replicate the first and the last step stand for all before and
    after, so that with strides 1 this is the moving average of DLinear.
    Source of replicate: A. Zeng et al., "Are transformers effective for time series forecasting?",
    AAAI 2023.
    """
  public static let fields = [
    Field(
      "pool_size", \AveragePooling1D.poolSize, WindowPlacement.sequenceLimits,
      "How many steps a window has."),
    Field(
      "strides", \AveragePooling1D.strides, WindowPlacement.sequenceLimits,
      "The distance between windows; pool_size if absent."),
    Field(
      "padding", \AveragePooling1D.padding,
      "How far windows reach outside the sequence, and what they find there."),
  ]

  public var poolSize = 2
  public var strides: Int?
  public var padding = Padding.valid

  public init() {}

  public init(poolSize: Int, strides: Int? = nil, padding: Padding = .valid) {
    (self.poolSize, self.strides, self.padding) = (poolSize, strides, padding)
  }

  private func windows(on x: Shape) throws(ShapeError) -> WindowPlacement.Axis {
    try WindowPlacement.steps(
      of: x, window: poolSize, stride: strides ?? poolSize, padding == .valid ? (0, 0) : nil)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, F]") { $0.rank == 3 }
    return Signature(outputs: [[x[0], try windows(on: x).output, x[2]]])
  }

  private func averages(of x: Shape) -> StepAverages {
    do {
      let windows = try windows(on: x)
      return StepAverages(
        batch: x[0], steps: x[1], channels: x[2], window: poolSize, stride: strides ?? poolSize,
        paddingBefore: windows.paddingBefore, outputs: windows.output,
        edge: padding == .replicate ? .repeated : .excluded)
    } catch { preconditionFailure(error.description) }
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    averages(of: pass.inputs[0].shape).forward(
      pass.inputs[0].base, into: pass.outputs[0].base, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    averages(of: gradient.view.shape).backward(
      pass.outputGradients[0].base, into: gradient.view.base, accumulate: gradient.accumulates,
      pool: pass.pool)
  }

  public static var samples: [Sample<AveragePooling1D>] {
    [
      Sample(AveragePooling1D(), inputs: [[2, 5, 3]]),
      Sample(AveragePooling1D(poolSize: 3, strides: 1), inputs: [[2, 5, 2]]),
      Sample(AveragePooling1D(poolSize: 4, strides: 1, padding: .same), inputs: [[2, 6, 2]]),
      Sample(AveragePooling1D(poolSize: 5, padding: .same), inputs: [[1, 3, 1]]),
      Sample(AveragePooling1D(poolSize: 5, strides: 1, padding: .replicate), inputs: [[2, 7, 2]]),
      Sample(AveragePooling1D(poolSize: 4, strides: 2, padding: .replicate), inputs: [[2, 7, 3]]),
    ]
  }
}
