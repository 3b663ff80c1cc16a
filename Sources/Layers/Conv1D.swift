public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = Σ_ac x[n, t s + a d - p, c] kernel[a, c, f] + bias[f].
public struct Conv1D: Layer {
  /// Where zeros lie around a sequence.
  public enum Padding: String, CaseIterable, SettingValue {
    /// Nowhere: every window lies in the sequence.
    case valid
    /// On both sides, so that a stride of 1 keeps the length; an odd one out lies after the sequence.
    case same
    /// All before it, so that no output sees a step that comes after its own.
    case causal
  }

  public static let type = "conv1d"
  public static let manual = """
    Convolution of sequences with learned filters.

    y[n, t, f] = bias[f] + sum over a, c of x[n, t s + a d - p, c] kernel[a, c, f]

    Input [N, T, C], output [N, T', F] with F = filters, strides s, dilation_rate d, and zeros outside
    the sequence, of which p lie before it.
    valid:  p = 0 and T' = (T - d (kernel_size - 1) - 1) / s + 1, rounded down
    same:   T' = T / s, rounded up
    causal: p = d (kernel_size - 1) and T' = T / s, rounded up; y[t] sees no step after t s
    Parameters: kernel [kernel_size, C, F], bias [F].
    As Keras. PyTorch's Conv1d keeps sequences [N, C, T] and kernels [F, C, kernel_size].
    Source of causal: A. van den Oord et al., "WaveNet: a generative model for raw audio", 2016.
    """
  public static let fields = [
    Field("filters", \Conv1D.filters, required: true, .atLeast(1), "F, how many filters."),
    Field(
      "kernel_size", \Conv1D.kernelSize, required: true, WindowPlacement.sequenceLimits,
      "How many steps a filter sees."),
    Field(
      "strides", \Conv1D.strides, WindowPlacement.sequenceLimits, "The distance between windows."),
    Field("padding", \Conv1D.padding, "Where zeros lie around the sequence."),
    Field(
      "dilation_rate", \Conv1D.dilationRate, WindowPlacement.sequenceLimits,
      "The distance between the steps of a window."),
    Field("use_bias", \Conv1D.useBias, "Whether a bias is added."),
    Field("kernel_initializer", \Conv1D.kernelInitializer, "How the kernel begins."),
    Field("bias_initializer", \Conv1D.biasInitializer, "How the bias begins."),
  ]

  public var filters = 1
  public var kernelSize = 1
  public var strides = 1
  public var padding = Padding.valid
  public var dilationRate = 1
  public var useBias = true
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(
    filters: Int, kernelSize: Int, strides: Int = 1, padding: Padding = .valid,
    dilationRate: Int = 1, useBias: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilationRate = dilationRate
    self.useBias = useBias
  }

  /// As a convolution of images one pixel high, which is as fast.
  private func map(on x: Shape) throws(ShapeError) -> ConvolutionMap {
    let zeros: (Int, Int)? =
      switch padding {
      case .valid: (0, 0)
      case .same: nil
      case .causal: (dilationRate * (kernelSize - 1), 0)
      }
    let steps = try WindowPlacement.steps(
      of: x, window: kernelSize, stride: strides, dilation: dilationRate, zeros)
    let geometry = ConvolutionGeometry(
      batch: x[0], inputHeight: 1, inputWidth: x[1], channels: x[2], filters: filters,
      kernelHeight: 1, kernelWidth: kernelSize, strideWidth: strides,
      dilationWidth: dilationRate, paddingLeft: steps.paddingBefore, outputHeight: 1,
      outputWidth: steps.output)
    return ConvolutionMap(geometry: geometry, useBias: useBias)
  }

  /// The same where the shape rule has accepted the shape.
  private func acceptedMap(on x: Shape) -> ConvolutionMap {
    do { return try map(on: x) } catch { preconditionFailure(error.description) }
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, T, C]") { $0.rank == 3 }
    let map = try map(on: x)
    return try map.signature(
      for: x, output: Shape(checked: [x[0], map.geometry.outputWidth, filters]),
      kernel: Shape(checked: [kernelSize, x[2], filters]),
      initializers: (kernelInitializer.value, biasInitializer.value))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    acceptedMap(on: pass.inputs[0].shape).forward(pass)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    acceptedMap(on: pass.inputs[0].shape).backward(pass)
  }

  public static var samples: [Sample<Conv1D>] {
    [
      Sample(Conv1D(filters: 3, kernelSize: 3), inputs: [[2, 7, 2]]),
      Sample(Conv1D(filters: 2, kernelSize: 4, strides: 2, padding: .same), inputs: [[2, 7, 3]]),
      Sample(
        Conv1D(filters: 2, kernelSize: 3, padding: .causal, dilationRate: 2, useBias: false),
        inputs: [[2, 6, 2]]),
      Sample(Conv1D(filters: 2, kernelSize: 3, strides: 3, padding: .causal), inputs: [[1, 5, 1]]),
      Sample(Conv1D(filters: 3, kernelSize: 1), inputs: [[2, 3, 4]]),
    ]
  }
}
