public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = the mean of x[n, ., f] over the window at t.
public struct AveragePooling1D: WindowPooling {
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
    after, so that with strides 1 this is the moving average of DLinear. Steps that are padding lie
    outside: every sequence gives what it would give without them, and the steps of the output beyond
    that are padding, and 0; not with replicate.
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
  public var isMasked = false

  public init() {}

  public init(poolSize: Int, strides: Int? = nil, padding: Padding = .valid) {
    (self.poolSize, self.strides, self.padding) = (poolSize, strides, padding)
  }

  var reachesOutside: Bool { padding != .valid }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    if isMasked, padding == .replicate {
      throw ShapeError(
        "repeats the last step of a sequence, which may be padding; where some steps are, take padding \"same\" or "
          + "\"valid\"")
    }
    return try pooled(inputs)
  }

  private func averages(of x: Shape) -> StepAverages {
    let windows = acceptedWindows(on: x)
    return StepAverages(
      batch: x[0], steps: x[1], channels: x[2], window: poolSize, stride: stride,
      paddingBefore: windows.paddingBefore, outputs: windows.output,
      edge: padding == .replicate ? .repeated : .excluded)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    if let counted = counted(x.shape, pass) {
      counted.mean(x.base, into: y.base, pool: pass.pool)
    } else {
      averages(of: x.shape).forward(x.base, into: y.base, pool: pass.pool)
    }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    let (dy, dx) = (pass.outputGradients[0], gradient.view)
    if let counted = counted(dx.shape, pass) {
      counted.meanGradient(
        dy.base, into: dx.base, accumulate: gradient.accumulates, pool: pass.pool)
    } else {
      averages(of: dx.shape).backward(
        dy.base, into: dx.base, accumulate: gradient.accumulates, pool: pass.pool)
    }
  }

  public static var samples: [Sample<AveragePooling1D>] {
    func masked(_ layer: AveragePooling1D, _ x: Shape) -> Sample<AveragePooling1D> {
      var layer = layer
      layer.isMasked = true
      return Sample(layer, inputs: [x, [x[0], x[1]]], values: [.normal, .binary])
    }
    return [
      Sample(AveragePooling1D(), inputs: [[2, 5, 3]]),
      Sample(AveragePooling1D(poolSize: 3, strides: 1), inputs: [[2, 5, 2]]),
      Sample(AveragePooling1D(poolSize: 4, strides: 1, padding: .same), inputs: [[2, 6, 2]]),
      Sample(AveragePooling1D(poolSize: 5, padding: .same), inputs: [[1, 3, 1]]),
      Sample(AveragePooling1D(poolSize: 5, strides: 1, padding: .replicate), inputs: [[2, 7, 2]]),
      Sample(AveragePooling1D(poolSize: 4, strides: 2, padding: .replicate), inputs: [[2, 7, 3]]),
      masked(AveragePooling1D(poolSize: 3, strides: 2), [3, 7, 3]),
      masked(AveragePooling1D(poolSize: 4, strides: 1, padding: .same), [2, 6, 2]),
      masked(AveragePooling1D(poolSize: 2, padding: .same), [2, 7, 3]),
    ]
  }
}
