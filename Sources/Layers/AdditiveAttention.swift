public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = softmax(Σ_d v tanh(query + key)) value, the attention of D. Bahdanau et al.
public struct AdditiveAttention: AttendingLayer {
  public static let type = "additive_attention"
  public static let manual = """
    Additive attention: a query and a key are added, and a tanh of the sum says how well they match.

    S[t, s] = sum over d of scale[d] tanh(query[t, d] + key[s, d])
    P = softmax(S), row by row     y = P value

    Inputs: query [N, T, D], value [N, S, D], and if wished key [N, S, D], which else is the value;
    beside a key the value may be of any width W. Output [N, T, W], a mean of values for every query.
    With use_causal_mask query t sees the values 0 ... t only. dropout drops elements of P in training.
    Where the value has a mask, its padding is not seen; a query without anything to see gets 0.
    The mask of the query is that of the output.
    Parameters: scale [D], with use_scale; else it is 1.
    As Keras. The layer of the paper, v tanh(W query + U key), has a dense layer in front of the query
    and one in front of the key.
    Source: D. Bahdanau, K. Cho and Y. Bengio, "Neural machine translation by jointly learning to align
    and translate", 2015.
    """
  public static let fields = [
    Field("use_scale", \AdditiveAttention.useScale, "Whether there is a scale, which is trained."),
    Field(
      "use_causal_mask", \AdditiveAttention.useCausalMask,
      "Whether a query sees no value that comes after it."),
    Field(
      "dropout", \AdditiveAttention.dropout, .within(0..<1),
      "The share of attention weights dropped in training."),
    Field("scale_initializer", \AdditiveAttention.scaleInitializer, "How the scale begins."),
  ]

  public var useScale = true
  public var useCausalMask = false
  public var dropout = 0.0
  public var isMasked = false
  public var scaleInitializer = InitializerChoice(Initializers.GlorotUniform())

  public init() {}

  public init(useScale: Bool, causal: Bool = false, dropout: Double = 0) {
    (self.useScale, useCausalMask, self.dropout) = (useScale, causal, dropout)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let geometry = try geometry(for: inputs, isScaled: false)
    var signature = try signature(geometry, inputs: inputs)
    if useScale {
      signature.parameters = [
        ParameterSpec("scale", [geometry.width], scaleInitializer.value)
      ]
    }
    // A tanh counts as a multiplication.
    signature.products.append(
      .init(
        rows: geometry.queries, columns: geometry.keys, inner: geometry.width,
        count: geometry.batch))
    // P.
    signature.saved = [
      try Shape(checked: [geometry.batch, geometry.queries, geometry.scoreStride])
    ]
    signature.forwardScratch = [
      [Kernels.AdditiveAttention<Float>.forwardScratchCount(geometry)]
    ]
    // Backward has P, and needs no O.
    signature.retains.remove(.output(0))
    signature.backwardScratch = [
      [Kernels.AdditiveAttention<Float>.backwardScratchCount(geometry)]
    ]
    return signature
  }

  private func kernel<S: Scalar>(_ pass: Pass<S>) -> Kernels.AdditiveAttention<S> {
    .init(
      geometry(pass, isScaled: false), query: pass.inputs[0].base,
      key: pass.inputs[keyInput(pass)].base, value: pass.inputs[1].base,
      scale: useScale ? UnsafePointer(pass.parameters[0].base) : nil, mask: mask(pass),
      dropping: dropping(pass))
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    kernel(pass).forward(
      into: pass.outputs[0].base, weights: pass.saved[0].base, scratch: pass.scratch[0].base,
      pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    for case let target? in pass.inputGradients where !target.accumulates {
      Elementwise.fill(0, into: target.view.base, count: target.view.count, pool: pass.pool)
    }
    func place(_ input: Int) -> UnsafeMutablePointer<S>? { pass.inputGradients[input]?.view.base }
    let scaleGradient = useScale ? pass.parameterGradients[0] : nil
    kernel(pass).backward(
      outputGradient: pass.outputGradients[0].base, weights: pass.saved[0].base,
      into: .init(query: place(0), key: place(keyInput(pass)), value: place(1)),
      scaleGradient: scaleGradient?.view.base,
      accumulatesScale: scaleGradient?.accumulates ?? false, scratch: pass.scratch[0].base,
      pool: pass.pool)
  }

  public static var samples: [Sample<AdditiveAttention>] {
    var (masked, maskedKeys) = (AdditiveAttention(), AdditiveAttention(useScale: false))
    (masked.isMasked, maskedKeys.isMasked) = (true, true)
    let withKeys: [Shape] = [[2, 3, 4], [2, 5, 3], [2, 5, 4]]
    return [
      Sample(AdditiveAttention(), inputs: [[2, 3, 4], [2, 5, 4]]),
      Sample(AdditiveAttention(useScale: false), inputs: withKeys),
      Sample(AdditiveAttention(useScale: true, causal: true), inputs: [[2, 4, 3], [2, 4, 3]]),
      Sample(AdditiveAttention(useScale: true, dropout: 0.3), inputs: withKeys),
      Sample(
        AdditiveAttention(useScale: true, dropout: 0.3), inputs: [[2, 3, 4], [2, 5, 4]],
        isTraining: false),
      Sample(
        masked, inputs: [[2, 3, 4], [2, 5, 4], [2, 5]], values: [.normal, .normal, .binary]),
      Sample(
        maskedKeys, inputs: withKeys + [[2, 5]], values: [.normal, .normal, .normal, .binary]),
    ]
  }
}
