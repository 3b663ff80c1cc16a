public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = the maximum of x[n, ., f] over the window at t.
public struct MaxPooling1D: WindowPooling, MaximumPooling {
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
    gradient. Steps that are padding lie outside: every sequence gives what it would give without them,
    and the steps of the output beyond that are padding, and 0. As Keras, whose layer has no masks.
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
  public var isMasked = false

  public init() {}

  public init(poolSize: Int, strides: Int? = nil, padding: Padding = .valid) {
    (self.poolSize, self.strides, self.padding) = (poolSize, strides, padding)
  }

  var reachesOutside: Bool { padding == .same }

  /// As images one pixel high.
  func geometry(on x: Shape) -> PoolingGeometry {
    let windows = acceptedWindows(on: x)
    return PoolingGeometry(
      batch: x[0], inputHeight: 1, inputWidth: x[1], channels: x[2], windowHeight: 1,
      windowWidth: poolSize, strideHeight: 1, strideWidth: stride, paddingTop: 0,
      paddingLeft: windows.paddingBefore, outputHeight: 1, outputWidth: windows.output)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var signature = try pooled(inputs)
    signature.saved = signature.outputs
    return signature
  }

  public static var samples: [Sample<MaxPooling1D>] {
    func masked(_ layer: MaxPooling1D, _ x: Shape) -> Sample<MaxPooling1D> {
      var layer = layer
      layer.isMasked = true
      return Sample(layer, inputs: [x, [x[0], x[1]]], values: [.distinct, .binary])
    }
    return [
      Sample(MaxPooling1D(), inputs: [[2, 5, 3]], values: [.distinct]),
      Sample(MaxPooling1D(poolSize: 3, strides: 1), inputs: [[2, 5, 2]], values: [.distinct]),
      Sample(
        MaxPooling1D(poolSize: 4, strides: 2, padding: .same), inputs: [[2, 7, 2]],
        values: [.distinct]),
      Sample(
        MaxPooling1D(poolSize: 5, padding: .same), inputs: [[1, 3, 1]], values: [.distinct]),
      masked(MaxPooling1D(), [3, 6, 3]),
      masked(MaxPooling1D(poolSize: 3, strides: 1, padding: .same), [2, 5, 2]),
      masked(MaxPooling1D(poolSize: 2, padding: .same), [2, 7, 2]),
    ]
  }
}
