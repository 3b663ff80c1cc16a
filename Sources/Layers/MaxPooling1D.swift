public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = the maximum of x[n, ., f] over the window at t.
public struct MaxPooling1D: Layer {
  /// How far windows reach outside the sequence.
  public enum Padding: String, CaseIterable, SettingValue {
    /// Every window lies in the sequence.
    case valid
    /// As far as a stride of 1 keeps the length.
    case same
  }

  public static let type = "max_pooling1d"
  public static let manual = """
    The maximum of each window of a sequence, feature by feature.

    y[n, t, f] = max over a of x[n, t s - p + a, f]

    Input [N, T, F], output [N, T', F]. With valid padding T' = (T - pool_size) / s + 1, rounded down,
    and p = 0; with same padding T' = T / s, rounded up, and of the steps that are missing an odd one
    lies after the sequence. What lies outside takes no part. Of equal steps the first one gets the
    gradient. As Keras.
    """
  public static let fields = [
    Field(
      "pool_size", \MaxPooling1D.poolSize, WindowPlacement.sequenceLimits,
      "How many steps a window has."),
    Field(
      "strides", \MaxPooling1D.strides, WindowPlacement.sequenceLimits,
      "The distance between windows; pool_size if absent."),
    Field("padding", \MaxPooling1D.padding, "How far windows reach outside the sequence."),
  ]

  public var poolSize = 2
  public var strides: Int?
  public var padding = Padding.valid

  public init() {}

  public init(poolSize: Int, strides: Int? = nil, padding: Padding = .valid) {
    (self.poolSize, self.strides, self.padding) = (poolSize, strides, padding)
  }

  /// As images one pixel high.
  private func geometry(on x: Shape) throws(ShapeError) -> PoolingGeometry {
    let stride = strides ?? poolSize
    let windows = try WindowPlacement.steps(
      of: x, window: poolSize, stride: stride, padding == .valid ? (0, 0) : nil)
    return PoolingGeometry(
      batch: x[0], inputHeight: 1, inputWidth: x[1], channels: x[2], windowHeight: 1,
      windowWidth: poolSize, strideHeight: 1, strideWidth: stride, paddingTop: 0,
      paddingLeft: windows.paddingBefore, outputHeight: 1, outputWidth: windows.output)
  }

  private func acceptedGeometry(on x: Shape) -> PoolingGeometry {
    do { return try geometry(on: x) } catch { preconditionFailure(error.description) }
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, F]") { $0.rank == 3 }
    let y: Shape = [x[0], try geometry(on: x).outputWidth, x[2]]
    var signature = Signature(outputs: [y])
    signature.saved = [y]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    MaxPooling.forward(
      pass.inputs[0].base, into: pass.outputs[0].base, indices: pass.saved[0].base,
      acceptedGeometry(on: pass.inputs[0].shape), pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    guard let gradient = pass.inputGradients[0] else { return }
    MaxPooling.backward(
      pass.outputGradients[0].base, indices: pass.saved[0].base, into: gradient.view.base,
      accumulate: gradient.accumulates, acceptedGeometry(on: gradient.view.shape), pool: pass.pool)
  }

  public static var samples: [Sample<MaxPooling1D>] {
    [
      Sample(MaxPooling1D(), inputs: [[2, 5, 3]], values: [.distinct]),
      Sample(MaxPooling1D(poolSize: 3, strides: 1), inputs: [[2, 5, 2]], values: [.distinct]),
      Sample(
        MaxPooling1D(poolSize: 4, strides: 2, padding: .same), inputs: [[2, 7, 2]],
        values: [.distinct]),
      Sample(
        MaxPooling1D(poolSize: 5, padding: .same), inputs: [[1, 3, 1]], values: [.distinct]),
    ]
  }
}
