public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, i, j, f] = Σ_abc x[n, i s + a d - p, j s + b d - p, c] kernel[a, b, c, f] + bias[f].
public struct Conv2D: Layer {
  public static let type = "conv2d"
  public static let manual = """
    Convolution of images with learned filters.

    y[n, i, j, f] = bias[f] + sum over a, b, c of
                    x[n, i s_h + a d_h - p_t, j s_w + b d_w - p_l, c] kernel[a, b, c, f]

    Input [N, H, W, C], output [N, H', W', F] with F = filters, strides s, dilation_rate d, and zeros
    outside the image, of which p_t lie above and p_l to the left.
    With valid or explicit padding H' = (H + p_t + p_b - d_h (kernel_height - 1) - 1) / s_h + 1, rounded
    down; with same padding H' = H / s_h, rounded up. Widths alike.
    Parameters: kernel [kernel_height, kernel_width, C, F], bias [F].
    As Keras. PyTorch's Conv2d keeps images [N, C, H, W] and kernels [F, C, height, width].
    """
  public static let fields = [
    Field("filters", \Conv2D.filters, required: true, .atLeast(1), "F, how many filters."),
    Field(
      "kernel_size", \Conv2D.kernelSize, required: true, WindowPlacement.limits,
      "The height and width of the filters."),
    Field("strides", \Conv2D.strides, WindowPlacement.limits, "The distance between windows."),
    Field("padding", \Conv2D.padding, "How many zeros lie around the image."),
    Field(
      "dilation_rate", \Conv2D.dilationRate, WindowPlacement.limits,
      "The distance between the pixels of a window."),
    Field("use_bias", \Conv2D.useBias, "Whether a bias is added."),
    Field("kernel_initializer", \Conv2D.kernelInitializer, "How the kernel begins."),
    Field("bias_initializer", \Conv2D.biasInitializer, "How the bias begins."),
  ]

  public var filters = 1
  public var kernelSize = Pair(1)
  public var strides = Pair(1)
  public var padding = Padding.valid
  public var dilationRate = Pair(1)
  public var useBias = true
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(
    filters: Int, kernelSize: Pair, strides: Pair = Pair(1), padding: Padding = .valid,
    dilationRate: Pair = Pair(1), useBias: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilationRate = dilationRate
    self.useBias = useBias
  }

  private func map(on x: Shape) throws(ShapeError) -> ConvolutionMap {
    let placement = try WindowPlacement(
      on: x, window: kernelSize, strides: strides, dilation: dilationRate, padding: padding)
    let geometry = ConvolutionGeometry(
      batch: x[0], inputHeight: x[1], inputWidth: x[2], channels: x[3], filters: filters,
      kernelHeight: kernelSize.height, kernelWidth: kernelSize.width,
      strideHeight: strides.height, strideWidth: strides.width,
      dilationHeight: dilationRate.height, dilationWidth: dilationRate.width,
      paddingTop: placement.rows.paddingBefore, paddingLeft: placement.columns.paddingBefore,
      outputHeight: placement.rows.output, outputWidth: placement.columns.output)
    return ConvolutionMap(geometry: geometry, useBias: useBias)
  }

  /// The same where the shape rule has accepted the shape.
  private func acceptedMap(on x: Shape) -> ConvolutionMap {
    do { return try map(on: x) } catch { preconditionFailure(error.description) }
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, H, W, C]") { $0.rank == 4 }
    let map = try map(on: x)
    return try map.signature(
      for: x,
      output: Shape(
        checked: [x[0], map.geometry.outputHeight, map.geometry.outputWidth, filters]),
      kernel: Shape(checked: [kernelSize.height, kernelSize.width, x[3], filters]),
      initializers: (kernelInitializer.value, biasInitializer.value))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    acceptedMap(on: pass.inputs[0].shape).forward(pass)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    acceptedMap(on: pass.inputs[0].shape).backward(pass)
  }

  public static var samples: [Sample<Conv2D>] {
    let explicit = Padding.explicit(top: 1, bottom: 0, left: 2, right: 1)
    return [
      Sample(Conv2D(filters: 3, kernelSize: Pair(3)), inputs: [[2, 5, 4, 2]]),
      Sample(
        Conv2D(filters: 2, kernelSize: Pair(3, 2), strides: Pair(2), padding: .same),
        inputs: [[2, 5, 4, 3]]),
      Sample(
        Conv2D(
          filters: 2, kernelSize: Pair(2, 3), padding: explicit, dilationRate: Pair(2, 1),
          useBias: false), inputs: [[1, 4, 5, 2]]),
      Sample(Conv2D(filters: 3, kernelSize: Pair(1)), inputs: [[2, 3, 3, 4]]),
      Sample(Conv2D(filters: 1, kernelSize: Pair(1), strides: Pair(2)), inputs: [[2, 4, 5, 2]]),
    ]
  }
}
