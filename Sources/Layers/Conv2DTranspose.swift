public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, i s + a - p, j s + b - p, f] += Σ_c x[n, i, j, c] kernel[a, b, f, c], beginning at bias[f].
///
/// Forward is the input gradient of the convolution that leads from y to x, and the other way round.
public struct Conv2DTranspose: Layer {
  public static let type = "conv2d_transpose"
  public static let manual = """
    A convolution backwards: every pixel adds its filters to a larger image.

    y[n, i s_h + a - p_t, j s_w + b - p_l, f] = bias[f] + sum of x[n, i, j, c] kernel[a, b, f, c]
                                                over all i, j, a, b that meet there, and c

    Input [N, H, W, C], output [N, H', W', F] with F = filters and strides s. With valid padding
    H' = (H - 1) s_h + max(kernel_height, s_h); with same padding H' = H s_h; with explicit padding,
    which cuts rows and columns off, H' = (H - 1) s_h + kernel_height - p_t - p_b. Widths alike.
    Parameters: kernel [kernel_height, kernel_width, F, C], bias [F].
    As Keras. PyTorch's ConvTranspose2d cuts its padding off both sides and keeps kernels
    [C, F, height, width].
    """
  public static let fields = [
    Field(
      "filters", \Conv2DTranspose.filters, required: true, .atLeast(1), "F, how many filters."),
    Field(
      "kernel_size", \Conv2DTranspose.kernelSize, required: true, WindowPlacement.limits,
      "The height and width of the filters."),
    Field(
      "strides", \Conv2DTranspose.strides, WindowPlacement.limits,
      "The distance between the windows of two pixels."),
    Field("padding", \Conv2DTranspose.padding, "How much of the edge is cut off."),
    Field("use_bias", \Conv2DTranspose.useBias, "Whether a bias is added."),
    Field(
      "kernel_initializer", \Conv2DTranspose.kernelInitializer, "How the kernel begins."),
    Field("bias_initializer", \Conv2DTranspose.biasInitializer, "How the bias begins."),
  ]

  public var filters = 1
  public var kernelSize = Pair(1)
  public var strides = Pair(1)
  public var padding = Padding.valid
  public var useBias = true
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(
    filters: Int, kernelSize: Pair, strides: Pair = Pair(1), padding: Padding = .valid,
    useBias: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.useBias = useBias
  }

  /// The convolution whose input is y and whose output is x.
  private func geometry(on x: Shape) throws(ShapeError) -> ConvolutionGeometry {
    let (rows, columns): ((Int, Int)?, (Int, Int)?) =
      switch padding {
      case .valid, .same: (nil, nil)
      case .explicit(let top, let bottom, let left, let right): ((top, bottom), (left, right))
      }
    let vertical = try extent(x[1], kernelSize.height, strides.height, rows)
    let horizontal = try extent(x[2], kernelSize.width, strides.width, columns)
    return ConvolutionGeometry(
      batch: x[0], inputHeight: vertical.output, inputWidth: horizontal.output,
      channels: filters, filters: x[3], kernelHeight: kernelSize.height,
      kernelWidth: kernelSize.width, strideHeight: strides.height, strideWidth: strides.width,
      paddingTop: vertical.before, paddingLeft: horizontal.before, outputHeight: x[1],
      outputWidth: x[2])
  }

  /// One axis: how far the output reaches, and how much is cut off before it.
  private func extent(
    _ input: Int, _ window: Int, _ stride: Int, _ cut: (Int, Int)?
  ) throws(ShapeError) -> (output: Int, before: Int) {
    let steps = input.multipliedReportingOverflow(by: stride)
    guard !steps.overflow, steps.partialValue < Shape.maximumExtent else {
      throw ShapeError("would make a tensor that is too large")
    }
    if let (before, after) = cut {
      let output = steps.partialValue - stride + window - before - after
      guard output >= 1 else {
        throw ShapeError("expects a padding that leaves something of the image")
      }
      return (output, before)
    }
    let surplus = max(0, window - stride)
    return padding == .same
      ? (steps.partialValue, surplus / 2) : (steps.partialValue + surplus, 0)
  }

  /// The same where the shape rule has accepted the shape.
  private func acceptedGeometry(on x: Shape) -> ConvolutionGeometry {
    do { return try geometry(on: x) } catch { preconditionFailure(error.description) }
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, H, W, C]") { $0.rank == 4 }
    let geometry = try geometry(on: x)
    let y = try Shape(checked: [x[0], geometry.inputHeight, geometry.inputWidth, filters])
    let kernel = try Shape(checked: [kernelSize.height, kernelSize.width, filters, x[3]])
    // The windows of one line are laid out in memory; and the work must be countable.
    let line = try Shape(checked: [x[2], kernel.dropLast.count])
    guard !x.dropFirst.count.multipliedReportingOverflow(by: line[1]).overflow else {
      throw ShapeError("would take more work than can be counted, for images \(x)")
    }
    var signature = Signature(outputs: [y])
    signature.parameters = [ParameterSpec("kernel", kernel, kernelInitializer.value)]
    if useBias {
      signature.parameters.append(ParameterSpec("bias", [filters], biasInitializer.value))
    }
    signature.forwardScratch = [[max(1, Convolution.scratchCount(geometry))]]
    signature.backwardScratch = [[max(1, Convolution.gradientScratchCount(geometry))]]
    signature.retains = [.input(0)]
    signature.forwardProducts = Convolution.inputGradientProducts(geometry)
    signature.backwardProducts = Convolution.transposedGradientProducts(geometry)
    signature.products = [.init(rows: x.dropLast.count, columns: line[1], inner: x[3])]
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    if useBias {
      Bias.fill(
        pass.parameters[1].base, intoRows: y.base, rows: y.count / filters, columns: filters,
        pool: pass.pool)
    }
    Convolution.inputGradient(
      x.base, kernel: pass.parameters[0].base, into: y.base, accumulate: useBias,
      acceptedGeometry(on: x.shape), products: pass.products, scratch: pass.scratch[0].base,
      pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let x = pass.inputs[0]
    Convolution.transposedGradients(
      x.base, kernel: pass.parameters[0].base, pass.outputGradients[0].base,
      into: Convolution.Gradients(
        input: pass.inputGradients[0], kernel: pass.parameterGradients[0],
        bias: useBias ? pass.parameterGradients[1] : nil),
      acceptedGeometry(on: x.shape), products: pass.products, scratch: pass.scratch[0].base,
      pool: pass.pool)
  }

  public static var samples: [Sample<Conv2DTranspose>] {
    let explicit = Padding.explicit(top: 1, bottom: 0, left: 0, right: 1)
    return [
      Sample(Conv2DTranspose(filters: 3, kernelSize: Pair(3)), inputs: [[2, 3, 4, 2]]),
      Sample(
        Conv2DTranspose(filters: 2, kernelSize: Pair(4, 3), strides: Pair(2), padding: .same),
        inputs: [[2, 3, 2, 3]]),
      Sample(
        Conv2DTranspose(filters: 2, kernelSize: Pair(2), strides: Pair(2), useBias: false),
        inputs: [[2, 2, 3, 2]]),
      Sample(
        Conv2DTranspose(filters: 2, kernelSize: Pair(1), strides: Pair(2, 3)),
        inputs: [[1, 2, 3, 2]]),
      Sample(
        Conv2DTranspose(
          filters: 1, kernelSize: Pair(3, 2), strides: Pair(2, 1), padding: explicit),
        inputs: [[2, 3, 4, 2]]),
    ]
  }
}
