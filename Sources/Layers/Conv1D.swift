public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = Σ_ac x[n, t s + a d - p, c] kernel[a, c, f] + bias[f].
public struct Conv1D: MaskedLayer {
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
    Steps that are padding are zeros too. With same or causal padding and strides 1 they are so in the
    output as well; else the output has no padding.
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
  public var isMasked = false

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

  /// Whether output t stands where input t does.
  private var keepsSteps: Bool { strides == 1 && (padding != .valid || kernelSize == 1) }

  public func keptMask(of count: Int) -> Int? { keepsSteps ? 0 : nil }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let given = isMasked ? Array(inputs.dropLast()) : inputs
    let x = try given.only("one input [N, T, C]") { $0.rank == 3 }
    let map = try map(on: x)
    var signature = try map.signature(
      for: x, output: Shape(checked: [x[0], map.geometry.outputWidth, filters]),
      kernel: Shape(checked: [kernelSize, x[2], filters]),
      initializers: (kernelInitializer.value, biasInitializer.value))
    if isMasked {
      guard let mask = inputs.last, mask.dimensions == [x[0], x[1]] else {
        throw ShapeError(expects: "a mask [\(x[0]), \(x[1])]", got: Array(inputs.suffix(1)))
      }
      // The sequence without its padding; and the gradients of that and of such an output.
      signature.forwardScratch.append(x)
      signature.backwardScratch += [x, x, keepsSteps ? signature.outputs[0] : []]
      signature.retains.insert(.input(1))
      signature.undifferentiable = [1]
    }
    return signature
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let map = acceptedMap(on: pass.inputs[0].shape)
    guard isMasked else { return map.forward(pass) }
    map.forward(pass, of: cleared(pass.inputs[0], in: pass.scratch[1], pass))
    if keepsSteps { paddedSums(pass).clear(pass.outputs[0].base, columns: filters) }
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let map = acceptedMap(on: pass.inputs[0].shape)
    guard isMasked else { return map.backward(pass) }
    let (x, sums) = (pass.inputs[0], paddedSums(pass))
    let dy =
      keepsSteps
      ? cleared(pass.outputGradients[0], in: pass.scratch[3], pass)
      : UnsafePointer(pass.outputGradients[0].base)
    if let gradient = pass.inputGradients[0] {
      let dx = gradient.accumulates ? pass.scratch[2].base : gradient.view.base
      map.inputGradient(dy, into: dx, accumulate: false, pass)
      sums.clear(dx, columns: x.shape[2])
      if gradient.accumulates {
        Elementwise.add(
          gradient.view.base, dx, into: gradient.view.base, count: x.count, pool: pass.pool)
      }
    }
    let x0 = cleared(x, in: pass.scratch[1], pass)
    guard keepsSteps else {
      map.kernelGradient(of: x0, pass)
      map.biasGradient(pass)
      return
    }
    // Tap by tap, each a sum that padding is not part of, so that its length changes no bit.
    if let gradient = pass.parameterGradients[0] {
      let inner = x.shape[2]
      for tap in 0..<kernelSize {
        let shift = tap * dilationRate - map.geometry.paddingLeft
        sums.products(
          m: inner, n: filters, x0, lda: inner, leadA: max(0, shift), dy, ldb: filters,
          leadB: max(0, -shift), accumulate: gradient.accumulates,
          into: gradient.view.base + tap * inner * filters, ldc: filters, pool: pass.pool)
      }
    }
    if useBias, let gradient = pass.parameterGradients[1] {
      sums.columns(
        dy, filters, accumulate: gradient.accumulates, into: gradient.view.base)
    }
  }

  private func paddedSums<S: Scalar>(_ pass: Pass<S>) -> PaddedSums<S> {
    let mask = pass.inputs[1]
    return PaddedSums(
      batch: mask.shape[0], steps: mask.shape[1], mask: UnsafePointer(mask.base))
  }

  /// A copy of sequences with zeros in place of their padding.
  private func cleared<S: Scalar>(
    _ x: View<S>, in copy: View<S>, _ pass: Pass<S>
  ) -> UnsafePointer<S> {
    Elementwise.copy(x.base, into: copy.base, count: x.count, pool: pass.pool)
    paddedSums(pass).clear(copy.base, columns: x.shape[2])
    return UnsafePointer(copy.base)
  }

  public static var samples: [Sample<Conv1D>] {
    let causal = Conv1D(
      filters: 2, kernelSize: 3, padding: .causal, dilationRate: 2, useBias: false)
    func masked(_ layer: Conv1D, _ x: Shape) -> Sample<Conv1D> {
      var layer = layer
      layer.isMasked = true
      return Sample(layer, inputs: [x, [x[0], x[1]]], values: [.normal, .binary])
    }
    return [
      Sample(Conv1D(filters: 3, kernelSize: 3), inputs: [[2, 7, 2]]),
      Sample(Conv1D(filters: 2, kernelSize: 4, strides: 2, padding: .same), inputs: [[2, 7, 3]]),
      Sample(causal, inputs: [[2, 6, 2]]),
      Sample(Conv1D(filters: 2, kernelSize: 3, strides: 3, padding: .causal), inputs: [[1, 5, 1]]),
      Sample(Conv1D(filters: 3, kernelSize: 1), inputs: [[2, 3, 4]]),
      masked(causal, [2, 7, 2]),
      masked(Conv1D(filters: 3, kernelSize: 4, padding: .same), [2, 5, 3]),
      masked(Conv1D(filters: 16, kernelSize: 3, padding: .same), [2, 9, 16]),
    ]
  }
}
