public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y[n, t, f] = Σ_ac x[n, t s + a d - p, c] kernel[a, c, f] + bias[f].
public struct Conv1D: MaskedLayer, MaskMappingLayer, IncrementalLayer {
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
    Steps that are padding are zeros too: every sequence gives what it would give without them, and the
    steps of the output beyond that are padding, and 0.
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
  /// Whether one step comes a run; the steps before that the next window sees are carried.
  private var isIncremental = false

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

  /// How many steps a window spans.
  private var reach: Int { dilationRate * (kernelSize - 1) + 1 }

  /// As a convolution of images one pixel high, which is as fast.
  private func map(on x: Shape) throws(ShapeError) -> ConvolutionMap {
    let padding = isIncremental ? Padding.valid : padding
    let zeros: (Int, Int)? =
      switch padding {
      case .valid: (0, 0)
      case .same: nil
      case .causal: (reach - 1, 0)
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

  public var maskMap: (any Layer)? {
    keepsSteps
      ? nil
      : WindowMask(
        window: padding == .valid ? kernelSize : 1, strides: strides, dilationRate: dilationRate)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let given = isMasked ? Array(inputs.dropLast()) : inputs
    let sequence = try given.only("one input [N, T, C]") { $0.rank == 3 }
    let x = isIncremental ? [sequence[0], reach, sequence[2]] : sequence
    let map = try map(on: x)
    var signature = try map.signature(
      for: x, output: Shape(checked: [x[0], map.geometry.outputWidth, filters]),
      kernel: Shape(checked: [kernelSize, x[2], filters]),
      initializers: (kernelInitializer.value, biasInitializer.value))
    if isIncremental {
      // One window; of its steps all but the last are carried.
      signature.forwardScratch.append(x)
      signature.carried = [[x[0], reach - 1, x[2]]]
      return signature
    }
    if isMasked {
      try WindowPlacement.checkMask(
        inputs.last, of: x, reach: reach, stride: strides, isSame: padding == .same)
      // The sequence without its padding, and the mask of the output; the gradients of the two without padding.
      let outputs = signature.outputs[0]
      let mask = keepsSteps ? [] : Shape([outputs[0], outputs[1]])
      signature.forwardScratch += [x, mask]
      signature.backwardScratch += [x, mask, x, outputs]
      signature.retains.insert(.input(1))
      signature.undifferentiable = [1]
    }
    return signature
  }

  public static var isBounded: Bool { false }

  public func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer {
    guard strides == 1 else {
      throw ShapeError(
        "gives one step for \(strides) of its input, so it cannot be run step by step with these strides"
      )
    }
    guard padding == .causal || kernelSize == 1 else {
      throw ShapeError(
        "sees steps that come later, so it cannot be run step by step without padding \"causal\"")
    }
    // Without a window there is nothing to carry.
    guard kernelSize > 1 else { return self }
    var layer = self
    layer.isIncremental = true
    return layer
  }

  /// The step of a sequence that comes next, behind those that were carried.
  private func step<S: Scalar>(_ pass: Pass<S>) {
    let (x, window, carried) = (pass.inputs[0], pass.scratch[1], pass.carried[0])
    let (batch, features) = (x.shape[0], x.shape[2])
    let (whole, before) = (reach * features, (reach - 1) * features)
    func copy(
      _ source: UnsafePointer<S>, from: Int, _ target: UnsafeMutablePointer<S>, to: Int,
      columns: Int
    ) {
      Blocks.copy(
        source, from: from, into: target, to: to, rows: batch, columns: columns, pool: pass.pool)
    }
    copy(carried.base, from: before, window.base, to: whole, columns: before)
    copy(x.base, from: features, window.base + before, to: whole, columns: features)
    if isMasked {
      for n in 0..<batch where pass.inputs[1][n] == 0 {
        (window.base + n * whole + before).update(repeating: 0, count: features)
      }
    }
    acceptedMap(on: window.shape).forward(pass, of: UnsafePointer(window.base))
    if isMasked { inputSums(pass).clear(pass.outputs[0].base, columns: filters) }
    copy(window.base + features, from: whole, carried.base, to: before, columns: before)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    if isIncremental { return step(pass) }
    let map = acceptedMap(on: pass.inputs[0].shape)
    guard isMasked else { return map.forward(pass) }
    map.forward(
      pass, of: cleared(pass.inputs[0], in: pass.scratch[1], inputSums(pass), pass.pool))
    outputSums(pass, map).clear(pass.outputs[0].base, columns: filters)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let map = acceptedMap(on: pass.inputs[0].shape)
    guard isMasked else { return map.backward(pass) }
    let (x, sums, outputSums) = (pass.inputs[0], inputSums(pass), outputSums(pass, map))
    let dy = cleared(pass.outputGradients[0], in: pass.scratch[4], outputSums, pass.pool)
    if let gradient = pass.inputGradients[0] {
      let dx = gradient.accumulates ? pass.scratch[3] : gradient.view
      map.inputGradient(dy, into: dx, pass)
      sums.clear(dx.base, columns: x.shape[2])
      if gradient.accumulates {
        Elementwise.add(
          gradient.view.base, dx.base, into: gradient.view.base, count: x.count, pool: pass.pool)
      }
    }
    // Tap by tap, each a sum that padding is not part of, so that its length changes no bit.
    if let gradient = pass.parameterGradients[0] {
      let x0 = cleared(x, in: pass.scratch[1], sums, pass.pool)
      let inner = x.shape[2]
      for tap in 0..<kernelSize {
        let shift = tap * dilationRate - map.geometry.paddingLeft
        // The first window whose tap lies in the sequence.
        let first = shift < 0 ? (strides - 1 - shift) / strides : 0
        outputSums.products(
          m: inner, n: filters, x0, lda: inner, leadA: first * strides + shift, strideA: strides,
          of: sums, dy, ldb: filters, leadB: first, accumulate: gradient.accumulates,
          into: gradient.view.base + tap * inner * filters, ldc: filters, pool: pass.pool)
      }
    }
    if useBias, let gradient = pass.parameterGradients[1] {
      outputSums.columns(
        dy, filters, accumulate: gradient.accumulates, into: gradient.view.base)
    }
  }

  private func inputSums<S: Scalar>(_ pass: Pass<S>) -> PaddedSums<S> {
    let mask = pass.inputs[1]
    return PaddedSums(
      batch: mask.shape[0], steps: mask.shape[1], mask: UnsafePointer(mask.base))
  }

  /// The padding of the output, whose mask is written to the third scratch where it is not that of the input.
  private func outputSums<S: Scalar>(_ pass: Pass<S>, _ map: ConvolutionMap) -> PaddedSums<S> {
    if keepsSteps { return inputSums(pass) }
    let (mask, marks) = (pass.inputs[1], pass.scratch[2])
    WholeWindows.mark(
      mask.base, batch: mask.shape[0], steps: mask.shape[1],
      window: padding == .valid ? kernelSize : 1, stride: strides, dilation: dilationRate,
      into: marks.base, outputs: map.geometry.outputWidth)
    return PaddedSums(
      batch: mask.shape[0], steps: map.geometry.outputWidth, mask: UnsafePointer(marks.base))
  }

  /// A copy of sequences with zeros in place of their padding.
  private func cleared<S: Scalar>(
    _ x: View<S>, in copy: View<S>, _ padding: PaddedSums<S>, _ pool: WorkerPool
  ) -> UnsafePointer<S> {
    Elementwise.copy(x.base, into: copy.base, count: x.count, pool: pool)
    padding.clear(copy.base, columns: x.shape[2])
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
      masked(Conv1D(filters: 3, kernelSize: 3, dilationRate: 2), [3, 9, 2]),
      masked(Conv1D(filters: 2, kernelSize: 3, strides: 2, padding: .causal), [2, 8, 3]),
      masked(Conv1D(filters: 16, kernelSize: 4, strides: 3), [2, 11, 16]),
      masked(Conv1D(filters: 2, kernelSize: 2, strides: 2, padding: .same), [2, 7, 2]),
    ]
  }
}
