public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = f(x W₁ + b₁) W₂ + b₂ on the last axis, f an activation: the two dense layers of a transformer.
public struct FeedForward: StepwiseLayer {
  public static let type = "feed_forward"
  public static let manual = """
    Two dense layers with an activation between them, position by position, as in a transformer.

    y = f(x intermediate_kernel + intermediate_bias) output_kernel + output_bias

    Input [N, ..., D], output of the same shape; I = intermediate_dim. f is relu or gelu.
    Parameters: intermediate_kernel [D, I], intermediate_bias [I], output_kernel [I, D], output_bias
    [D].
    Source: A. Vaswani et al., "Attention is all you need", 2017.
    """
  public static let fields = [
    Field(
      "intermediate_dim", \FeedForward.intermediate, required: true, .atLeast(1),
      "I, the width between the two."),
    Field("activation", \FeedForward.activation, "f, between the two."),
    Field("use_bias", \FeedForward.useBias, "Whether biases are added."),
    Field("kernel_initializer", \FeedForward.kernelInitializer, "How the kernels begin."),
    Field("bias_initializer", \FeedForward.biasInitializer, "How the biases begin."),
  ]

  /// What may stand between the two.
  public enum Activation: String, CaseIterable, SettingValue {
    case relu
    case gelu
  }

  public var intermediate = 1
  public var activation = Activation.relu
  public var useBias = true
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(intermediate: Int, activation: Activation = .relu, useBias: Bool = true) {
    (self.intermediate, self.activation, self.useBias) = (intermediate, activation, useBias)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let x = try inputs.only("one input [N, ..., D]") { $0.rank >= 2 }
    let rows = try Shape(checked: [x.dropLast.count]).count
    let (first, second) = maps(rows: rows, features: x.last)
    let hidden = try Shape(checked: [rows, intermediate])
    var signature = Signature(outputs: [x])
    for (name, map) in [("intermediate", first), ("output", second)] {
      signature.parameters.append(
        ParameterSpec(
          "\(name)_kernel", try Shape(checked: [map.features, map.units]), kernelInitializer.value))
      if useBias {
        signature.parameters.append(
          ParameterSpec("\(name)_bias", [map.units], biasInitializer.value))
      }
    }
    signature.saved = [hidden]
    if keepsInput { signature.forwardScratch = [hidden] }
    signature.backwardScratch = [
      hidden, [max(first.gradientScratchCount, second.gradientScratchCount)],
    ]
    signature.retains = [.input(0)]
    signature.products = [first.product, second.product]
    return signature
  }

  /// Whether what is kept of the hidden numbers is h, from which backward computes f(h) again, which costs less than
  /// the memory of both; else it is f(h), from which the slope follows.
  private var keepsInput: Bool { activation == .gelu }

  private func activate<S: Scalar>(_ h: View<S>, into activated: View<S>, _ pool: WorkerPool) {
    switch activation {
    case .relu: Activations.relu(h.base, into: activated.base, count: h.count, pool: pool)
    case .gelu: Activations.gelu(h.base, into: activated.base, count: h.count, pool: pool)
    }
  }

  /// Turns the gradient of f(h) into that of h; `kept` is what forward kept.
  private func differentiate<S: Scalar>(_ kept: View<S>, _ dy: View<S>, _ pool: WorkerPool) {
    switch activation {
    case .relu:
      Activations.reluBackward(
        output: kept.base, dy.base, into: dy.base, count: dy.count, accumulate: false, pool: pool)
    case .gelu:
      Activations.geluBackward(
        input: kept.base, dy.base, into: dy.base, count: dy.count, accumulate: false, pool: pool)
    }
  }

  private func maps(rows: Int, features: Int) -> (AffineMap, AffineMap) {
    (
      AffineMap(rows: rows, features: features, units: intermediate),
      AffineMap(rows: rows, features: intermediate, units: features)
    )
  }

  private func maps<S: Scalar>(_ pass: Pass<S>) -> (AffineMap, AffineMap) {
    let features = pass.inputs[0].shape.last
    return maps(rows: pass.inputs[0].count / features, features: features)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let (first, second) = maps(pass)
    let hidden = pass.saved[0]
    let activated = keepsInput ? pass.scratch[0] : hidden
    first.forward(
      pass.inputs[0].base, pass.parameters[0].base,
      bias: useBias ? UnsafePointer(pass.parameters[1].base) : nil, into: hidden.base,
      pool: pass.pool)
    activate(hidden, into: activated, pass.pool)
    second.forward(
      activated.base, pass.parameters[useBias ? 2 : 1].base,
      bias: useBias ? UnsafePointer(pass.parameters[3].base) : nil, into: pass.outputs[0].base,
      pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let (first, second) = maps(pass)
    let (kept, dy) = (pass.saved[0], pass.outputGradients[0].base)
    let (gradient, output) = (pass.scratch[0], useBias ? 2 : 1)
    let target = Gradient(gradient, accumulates: false)
    if keepsInput {
      // The gradient of f(h) takes the memory of f(h), which the kernel's gradient reads.
      activate(kept, into: gradient, pass.pool)
      gradients(second, output, gradient.base, dy, dx: nil, pass)
      second.gradients(
        gradient.base, pass.parameters[output].base, dy, dx: target, dkernel: nil, dbias: nil,
        scratch: pass.scratch[1].base, pool: pass.pool)
    } else {
      gradients(second, output, kept.base, dy, dx: target, pass)
    }
    differentiate(kept, gradient, pass.pool)
    gradients(first, 0, pass.inputs[0].base, gradient.base, dx: pass.inputGradients[0], pass)
  }

  /// The gradients of one of the two maps, whose kernel is the parameter of this number.
  private func gradients<S: Scalar>(
    _ map: AffineMap, _ kernel: Int, _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>,
    dx: Gradient<S>?, _ pass: Pass<S>
  ) {
    map.gradients(
      x, pass.parameters[kernel].base, dy, dx: dx, dkernel: pass.parameterGradients[kernel],
      dbias: useBias ? pass.parameterGradients[kernel + 1] : nil, scratch: pass.scratch[1].base,
      pool: pass.pool)
  }

  public static var samples: [Sample<FeedForward>] {
    [
      Sample(FeedForward(intermediate: 6, activation: .gelu), inputs: [[2, 3, 4]]),
      Sample(FeedForward(intermediate: 5, useBias: false), inputs: [[3, 4]]),
      Sample(FeedForward(intermediate: 3, activation: .relu), inputs: [[2, 2, 3]]),
    ]
  }
}
