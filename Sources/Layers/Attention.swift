public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = softmax(scale query keyᵀ) value, the attention of M. Luong et al.
public struct Attention: AttendingLayer {
  /// What scores are multiplied by.
  public enum Scale: String, CaseIterable, SettingValue {
    /// Nothing.
    case none
    /// 1 / √D, as in transformers.
    case sqrtDim = "sqrt_dim"
    /// A number that is trained and begins as 1.
    case trained
  }

  public static let type = "attention"
  public static let manual = """
    Dot-product attention: every query takes a mean of the values whose keys are most like it.

    P = softmax(scale query key^T), row by row     y = P value

    Inputs: query [N, T, D], value [N, S, D], and if wished key [N, S, D], which else is the value;
    beside a key the value may be of any width W. Output [N, T, W], a mean of values for every query.
    scale none: 1; sqrt_dim: 1 / sqrt(D), "scaled dot-product"; trained: a parameter scale [1].
    With use_causal_mask query t sees the values 0 ... t only. dropout drops elements of P in training.
    Where the value has a mask, its padding is not seen; a query without anything to see gets 0.
    The mask of the query is that of the output.
    In a decoder that writes step by step, query is the decoder's and value the encoder's whole output.
    As Keras, whose use_scale is scale trained; softmax(query key^T / sqrt(D)) value is PyTorch's
    scaled_dot_product_attention.
    Source: M. Luong, H. Pham and C. Manning, "Effective approaches to attention-based neural machine
    translation", 2015.
    """
  public static let fields = [
    Field("scale", \Attention.scale, "What scores are multiplied by."),
    Field(
      "use_causal_mask", \Attention.useCausalMask,
      "Whether a query sees no value that comes after it."),
    Field(
      "dropout", \Attention.dropout, .within(0..<1),
      "The share of attention weights dropped in training."),
  ]

  public var scale = Scale.none
  public var useCausalMask = false
  public var dropout = 0.0
  public var isMasked = false

  public init() {}

  public init(scale: Scale, causal: Bool = false, dropout: Double = 0) {
    (self.scale, useCausalMask, self.dropout) = (scale, causal, dropout)
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    let geometry = try geometry(for: inputs, isScaled: scale == .sqrtDim)
    let query = inputs[0]
    let key = try Shape(checked: [geometry.batch, geometry.keys, geometry.width])
    var signature = try signature(geometry, inputs: inputs)
    signature.products.append(
      .init(
        rows: geometry.queries, columns: geometry.keys, inner: geometry.width,
        count: geometry.batch))
    // The logarithms of the sums of P.
    signature.saved = [try Shape(checked: [geometry.batch, geometry.queries])]
    signature.forwardScratch = [[geometry.forwardScratchCount]]
    // For gradients that are added to others.
    signature.backwardScratch = [query, key, inputs[1], [geometry.backwardScratchCount]]
    if scale == .trained {
      signature.parameters = [ParameterSpec("scale", [1], Initializers.Ones())]
      // scale query, and the sums of its gradient.
      signature.saved.append(query)
      signature.backwardScratch.append(signature.saved[0])
    }
    let products = products(geometry)
    signature.forwardProducts = products.forward
    signature.backwardProducts = products.backward
    return signature
  }

  private func products(_ geometry: AttentionGeometry) -> AttentionProducts {
    let (width, valueWidth) = (geometry.width, geometry.valueWidth)
    return AttentionProducts(
      geometry,
      AttentionStrides(query: width, key: width, value: valueWidth, output: valueWidth))
  }

  private func geometry<S: Scalar>(_ pass: Pass<S>) -> AttentionGeometry {
    geometry(pass, isScaled: scale == .sqrtDim)
  }

  /// Queries, which are scaled ones where the scale is trained, keys and values.
  private func operands<S: Scalar>(_ pass: Pass<S>) -> Kernels.Attention.Operands<S> {
    .init(
      query: rows(scale == .trained ? pass.saved[1] : pass.inputs[0]),
      key: rows(pass.inputs[keyInput(pass)]), value: rows(pass.inputs[1]))
  }

  private func rows<S: Scalar>(_ view: View<S>) -> StridedRows<S> {
    StridedRows(view.base, stride: view.shape.last)
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    if scale == .trained {
      let query = pass.inputs[0]
      Elementwise.scale(
        query.base, by: pass.parameters[0][0], into: pass.saved[1].base, count: query.count,
        pool: pass.pool)
    }
    Kernels.Attention.forward(
      operands(pass), geometry(pass), products: pass.products, mask: mask(pass),
      dropping: dropping(pass), into: rows(pass.outputs[0]), logSums: pass.saved[0].base,
      scratch: pass.scratch[0].base, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let key = keyInput(pass)
    let dq = scale == .trained ? pass.scratch[0] : place(0, pass, else: pass.scratch[0])
    // A value that is its own key has two gradients.
    let dk = key == 1 ? pass.scratch[1] : place(key, pass, else: pass.scratch[1])
    let dv = place(1, pass, else: pass.scratch[2])
    Kernels.Attention.backward(
      operands(pass), geometry(pass), products: pass.products, mask: mask(pass),
      dropping: dropping(pass), output: rows(pass.outputs[0]),
      outputGradient: rows(pass.outputGradients[0]), logSums: pass.saved[0].base,
      into: .init(query: rows(dq), key: rows(dk), value: rows(dv)),
      scratch: pass.scratch[3].base, pool: pass.pool)
    if scale == .trained { unscale(dq, pass) } else { bring(dq, to: pass.inputGradients[0], pass) }
    bring(dv, to: pass.inputGradients[1], pass)
    if key == 2 {
      bring(dk, to: pass.inputGradients[2], pass)
    } else if let target = pass.inputGradients[1] {
      Elementwise.copy(
        dk.base, into: target.view.base, count: dk.count, accumulate: true, pool: pass.pool)
    }
  }

  /// Where a gradient may be written at once: its own place, or scratch where it is added to another or not wanted.
  private func place<S: Scalar>(_ input: Int, _ pass: Pass<S>, else scratch: View<S>) -> View<S> {
    guard let target = pass.inputGradients[input], !target.accumulates else { return scratch }
    return target.view
  }

  /// Adds a gradient to its place, where it is not there already.
  private func bring<S: Scalar>(_ dx: View<S>, to target: Gradient<S>?, _ pass: Pass<S>) {
    guard let target, target.view.base != dx.base else { return }
    Elementwise.copy(
      dx.base, into: target.view.base, count: dx.count, accumulate: target.accumulates,
      pool: pass.pool)
  }

  /// From the gradient g of the scaled queries those of the queries, scale g, and of the scale, Σ query g.
  private func unscale<S: Scalar>(_ g: View<S>, _ pass: Pass<S>) {
    if let target = pass.inputGradients[0] {
      Elementwise.scale(
        g.base, by: pass.parameters[0][0], into: target.view.base, count: g.count,
        accumulate: target.accumulates, pool: pass.pool)
    }
    guard let target = pass.parameterGradients[0] else { return }
    let sums = pass.scratch[4]
    Reduction.rowDots(
      rows(pass.inputs[0]), rows(g), rows: sums.count, columns: g.shape.last, into: sums.base)
    var sum: S = target.accumulates ? target.view[0] : 0
    for row in 0..<sums.count { sum += sums[row] }
    target.view[0] = sum
  }

  public static var samples: [Sample<Attention>] {
    var (masked, maskedTrained) = (Attention(scale: .sqrtDim), Attention(scale: .trained))
    (masked.isMasked, maskedTrained.isMasked) = (true, true)
    let withKeys: [Shape] = [[2, 3, 4], [2, 5, 3], [2, 5, 4]]
    return [
      Sample(Attention(), inputs: [[2, 3, 4], [2, 5, 4]]),
      Sample(Attention(scale: .sqrtDim), inputs: withKeys),
      Sample(Attention(scale: .trained), inputs: withKeys),
      Sample(Attention(scale: .trained, causal: true), inputs: [[2, 4, 3], [2, 4, 3]]),
      Sample(Attention(scale: .sqrtDim, dropout: 0.3), inputs: [[2, 3, 4], [2, 5, 4]]),
      Sample(Attention(scale: .none, dropout: 0.3), inputs: withKeys, isTraining: false),
      Sample(
        masked, inputs: [[2, 3, 4], [2, 5, 4], [2, 5]], values: [.normal, .normal, .binary]),
      Sample(
        maskedTrained, inputs: withKeys + [[2, 5]], values: [.normal, .normal, .normal, .binary]),
    ]
  }
}
