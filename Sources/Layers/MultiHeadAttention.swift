public import GraphIR
import Kernels
public import Settings
public import TensorCore

/// y = concat_h(softmax(q_h k_hᵀ / √K) v_h) W + b; see the manual below for its shapes.
///
/// Queries, keys and values of self attention are one product with one kernel; those of cross attention are two, the
/// second giving keys and values. They stay side by side as they come out of it: a head is a stripe of columns.
public struct MultiHeadAttention: MaskedLayer, IncrementalLayer {
  public static let type = "multi_head_attention"
  public static let manual = """
    Attention: every position takes a mean of what others say, weighted by how well they answer it.

    q = x query_kernel + query_bias, k and v likewise from z; then for each of the H heads
    P_h = softmax(q_h k_h^T / sqrt(K))     o_h = P_h v_h     y = o output_kernel + output_bias

    One input x [N, T, D]: self attention, z = x. Two inputs x [N, T, D] and z [N, S, E]: cross
    attention. Output [N, T, D]. H = num_heads, K = key_dim; D / H if key_dim is absent.
    With use_causal_mask position t sees positions 0 ... t only. dropout drops elements of P in
    training. Where z has a mask, its padding is not seen, and padding of x = z gives 0.
    Parameters: query_key_value_kernel [D, 3 H K] and query_key_value_bias, or for two inputs
    query_kernel [D, H K], query_bias, key_value_kernel [E, 2 H K] and key_value_bias; output_kernel
    [H K, D] and output_bias. Columns are ordered by q, k, v, then by head. As Keras and PyTorch, which
    keep separate or transposed kernels.
    Source: A. Vaswani et al., "Attention is all you need", 2017.
    """
  public static let fields = [
    Field(
      "num_heads", \MultiHeadAttention.heads, required: true, .within(1...1 << 16),
      "H, how many heads there are."),
    Field(
      "key_dim", \MultiHeadAttention.keyDimension, .atLeast(1),
      "K, the width of a head; D / H if absent."),
    Field("use_bias", \MultiHeadAttention.useBias, "Whether biases are added."),
    Field(
      "use_causal_mask", \MultiHeadAttention.useCausalMask,
      "Whether a position sees none that come after it."),
    Field(
      "dropout", \MultiHeadAttention.dropout, .within(0..<1),
      "The share of attention weights dropped in training."),
    Field(
      "kernel_initializer", \MultiHeadAttention.kernelInitializer, "How the kernels begin."),
    Field("bias_initializer", \MultiHeadAttention.biasInitializer, "How the biases begin."),
  ]

  public var heads = 1
  public var keyDimension: Int?
  public var useBias = true
  public var useCausalMask = false
  public var dropout = 0.0
  public var isMasked = false
  /// The T of whole sequences, where one step comes a run.
  private var stepsOfWhole: Int?
  public var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())
  public var biasInitializer = InitializerChoice(Initializers.Zeros())

  public init() {}

  public init(heads: Int, keyDimension: Int? = nil, useBias: Bool = true, causal: Bool = false) {
    (self.heads, self.keyDimension, self.useBias) = (heads, keyDimension, useBias)
    useCausalMask = causal
  }

  public func signature(for inputs: [Shape], batch: Int) throws(ShapeError) -> Signature {
    var inputs = inputs
    let mask = isMasked ? inputs.popLast() : nil
    guard (1...2).contains(inputs.count), inputs.allSatisfy({ $0.rank == 3 }),
      inputs[0][0] == inputs[inputs.count - 1][0]
    else { throw ShapeError(expects: "x [N, T, D], or x and z [N, S, E]", got: inputs) }
    if let mask, mask.dimensions != Array(inputs[inputs.count - 1].dimensions.prefix(2)) {
      throw ShapeError(expects: "a mask [N, S]", got: [mask])
    }
    let x = inputs[0]
    guard keyDimension != nil || x[2].isMultiple(of: heads) else {
      throw ShapeError(
        expects: "a D that is a multiple of num_heads, \(heads), or key_dim", got: inputs)
    }
    let width = try Shape(checked: [heads, keyDimension ?? x[2] / heads]).count
    let layout = AttentionLayout(
      x, inputs.count == 2 ? inputs[1] : nil, heads: heads, width: width, isCausal: useCausalMask)
    var signature = Signature(outputs: [x])
    var gradientSums = layout.outputMap.gradientScratchCount
    for input in inputs.indices {
      let (projection, map) = (layout[input], layout[input].map)
      signature.parameters += try parameters(
        "\(projection.name)", [map.features, map.units], fanOut: map.units / projection.parts)
      signature.products.append(map.product)
      signature.saved.append(try Shape(checked: [map.rows, map.units]))
      gradientSums = max(gradientSums, map.gradientScratchCount)
    }
    signature.parameters += try parameters(
      "output", [width, x[2]], fanOut: x[2])
    signature.products.append(layout.outputMap.product)
    let geometry = layout.geometry
    let output = try Shape(checked: [x[0], x[1], width])
    signature.forwardScratch = [[geometry.forwardScratchCount]]
    // do, dq dk dv, and what attention and the biases want.
    signature.backwardScratch =
      [output] + signature.saved + [[max(geometry.backwardScratchCount, gradientSums)]]
    // Beside q, k and v: o, and the logarithms of the sums of P.
    signature.saved += [output, try Shape(checked: [x[0], heads, x[1]])]
    signature.retains = Set(inputs.indices.map { .input($0) })
    signature.forwardProducts = layout.products.forward
    signature.backwardProducts = layout.products.backward
    if isMasked {
      signature.retains.insert(.input(inputs.count))
      signature.undifferentiable.insert(inputs.count)
    }
    if let stepsOfWhole {
      // The keys and values of all steps so far, and how many those are.
      signature.carried = [try Shape(checked: [x[0], stepsOfWhole, 2, width]), [1]]
      signature.forwardScratch = [try Shape(checked: [x[0], heads, stepsOfWhole])]
    }
    let pairs = try Shape(checked: [x[0], heads]).count
    signature.products += [
      .init(rows: x[1], columns: geometry.keys, inner: geometry.width, count: pairs),
      .init(rows: x[1], columns: geometry.width, inner: geometry.keys, count: pairs),
    ]
    return signature
  }

  /// A kernel and its bias; the fans are those of each of the parts that lie side by side.
  private func parameters(
    _ name: String, _ shape: [Int], fanOut: Int
  ) throws(ShapeError) -> [ParameterSpec] {
    let kernel = ParameterSpec(
      "\(name)_kernel", try Shape(checked: shape), kernelInitializer.value, fanIn: shape[0],
      fanOut: fanOut)
    return useBias
      ? [kernel, ParameterSpec("\(name)_bias", [shape[1]], biasInitializer.value)] : [kernel]
  }

  private func layout<S: Scalar>(_ pass: Pass<S>) -> AttentionLayout {
    let count = count(pass)
    return AttentionLayout(
      pass.inputs[0].shape, count == 2 ? pass.inputs[1].shape : nil, heads: heads,
      width: pass.saved[count].shape.last, isCausal: useCausalMask)
  }

  /// How many inputs there are beside the mask.
  private func count<S: Scalar>(_ pass: Pass<S>) -> Int {
    isMasked ? pass.inputs.count - 1 : pass.inputs.count
  }

  private func mask<S: Scalar>(_ pass: Pass<S>) -> KeyMask<S>? {
    guard isMasked, let mask = pass.inputs.last else { return nil }
    return KeyMask(mask.base, keys: mask.shape[1])
  }

  // Tokens made one by one are no padding.
  public func maskedInput(of count: Int) -> Int { stepsOfWhole == nil ? count - 1 : -1 }

  public func keptMask(of count: Int) -> Int? { 0 }

  public static var isBounded: Bool { true }

  public func incremental(for inputs: [Shape], stepped: [Bool]) throws(ShapeError) -> any Layer {
    if inputs.count == 2, !stepped[1] {
      if !useCausalMask { return self }
      throw ShapeError(
        "knows no positions of z by their numbers, so it cannot be run step by step with use_causal_mask"
      )
    }
    guard inputs.count == 1, useCausalMask else {
      throw ShapeError(
        "sees positions that come later, so it cannot be run step by step without use_causal_mask")
    }
    var layer = self
    layer.stepsOfWhole = inputs[0][1]
    return layer
  }

  private func dropping<S: Scalar>(_ pass: Pass<S>) -> Kernels.Attention.Dropping? {
    pass.isTraining && dropout > 0 ? .init(rate: dropout, random: pass.random) : nil
  }

  /// The number of a projection's kernel among the parameters; behind it comes its bias.
  private func kernel(_ projection: Int) -> Int { useBias ? 2 * projection : projection }

  private func bias<S: Scalar>(_ pass: Pass<S>, _ projection: Int) -> UnsafePointer<S>? {
    useBias ? UnsafePointer(pass.parameters[kernel(projection) + 1].base) : nil
  }

  public func forward<S: Scalar>(_ pass: Pass<S>) {
    let layout = layout(pass)
    let count = layout.count
    for index in 0..<count {
      layout[index].map.forward(
        pass.inputs[index].base, pass.parameters[kernel(index)].base, bias: bias(pass, index),
        into: pass.saved[index].base, pool: pass.pool)
    }
    let output = pass.saved[count]
    if stepsOfWhole != nil {
      AttentionStep.forward(
        pass.saved[0].base, cache: pass.carried[0], position: pass.carried[1].base, heads: heads,
        into: output, scores: pass.scratch[0].base, pool: pass.pool)
    } else {
      attend(pass, layout, into: output)
    }
    let padding = padded(pass)
    padding?.clear(output.base, columns: output.shape.last)
    layout.outputMap.forward(
      output.base, pass.parameters[kernel(count)].base, bias: bias(pass, count),
      into: pass.outputs[0].base, pool: pass.pool)
    padding?.clear(pass.outputs[0].base, columns: pass.outputs[0].shape.last)
  }

  private func attend<S: Scalar>(
    _ pass: Pass<S>, _ layout: AttentionLayout, into output: View<S>
  ) {
    Kernels.Attention.forward(
      layout.operands(pass.saved, from: 0), layout.geometry, products: pass.products,
      mask: mask(pass), dropping: dropping(pass),
      into: StridedRows(output.base, stride: output.shape.last),
      logSums: pass.saved[layout.count + 1].base, scratch: pass.scratch[0].base, pool: pass.pool)
  }

  public func backward<S: Scalar>(_ pass: Pass<S>) {
    let layout = layout(pass)
    let count = layout.count
    let output = pass.saved[count]
    let (outputGradient, scratch) = (pass.scratch[0], pass.scratch[count + 1].base)
    gradients(
      layout.outputMap, count, output.base, pass.outputGradients[0].base,
      dx: Gradient(outputGradient, accumulates: false), pass, scratch)
    padded(pass)?.clear(outputGradient.base, columns: output.shape.last)
    Kernels.Attention.backward(
      layout.operands(pass.saved, from: 0), layout.geometry, products: pass.products,
      mask: mask(pass), dropping: dropping(pass),
      output: StridedRows(output.base, stride: output.shape.last),
      outputGradient: StridedRows(outputGradient.base, stride: output.shape.last),
      logSums: pass.saved[count + 1].base,
      into: layout.operands(pass.scratch, from: 1), scratch: scratch,
      pool: pass.pool)
    for index in 0..<count {
      gradients(
        layout[index].map, index, pass.inputs[index].base, pass.scratch[1 + index].base,
        dx: pass.inputGradients[index], pass, scratch)
    }
  }

  private func gradients<S: Scalar>(
    _ map: AffineMap, _ projection: Int, _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>,
    dx: Gradient<S>?, _ pass: Pass<S>, _ scratch: UnsafeMutablePointer<S>
  ) {
    let number = kernel(projection)
    // All rows of self attention are those of the mask; else only those that keys and values are made of.
    let hasMask = isMasked && (count(pass) == 1 || projection == 1)
    map.gradients(
      x, pass.parameters[number].base, dy,
      mask: hasMask ? pass.inputs.last.map { UnsafePointer($0.base) } : nil, dx: dx,
      dkernel: pass.parameterGradients[number],
      dbias: useBias ? pass.parameterGradients[number + 1] : nil, scratch: scratch,
      pool: pass.pool)
  }

  /// The padding of x, where the mask is that of self attention.
  private func padded<S: Scalar>(_ pass: Pass<S>) -> PaddedSums<S>? {
    guard isMasked, let mask = pass.inputs.last, count(pass) == 1 else { return nil }
    return PaddedSums(batch: mask.shape[0], steps: mask.shape[1], mask: mask.base)
  }

  public static var samples: [Sample<MultiHeadAttention>] {
    var (masked, maskedCausal) = (
      MultiHeadAttention(heads: 2), MultiHeadAttention(heads: 2, causal: true)
    )
    (masked.isMasked, maskedCausal.isMasked) = (true, true)
    var dropping = MultiHeadAttention(heads: 2)
    dropping.dropout = 0.3
    return [
      Sample(MultiHeadAttention(heads: 2), inputs: [[2, 3, 4]]),
      Sample(MultiHeadAttention(heads: 2, useBias: false, causal: true), inputs: [[2, 4, 6]]),
      Sample(MultiHeadAttention(heads: 3, keyDimension: 2), inputs: [[2, 3, 4], [2, 5, 3]]),
      Sample(
        MultiHeadAttention(heads: 1, useBias: false, causal: true),
        inputs: [[1, 2, 3], [1, 4, 3]]),
      Sample(dropping, inputs: [[2, 5, 4]]),
      Sample(dropping, inputs: [[2, 3, 4]], isTraining: false),
      Sample(
        masked, inputs: [[2, 3, 4], [2, 5, 3], [2, 5]], values: [.normal, .normal, .binary]),
      Sample(maskedCausal, inputs: [[3, 4, 4], [3, 4]], values: [.normal, .binary]),
    ]
  }
}
