import GraphIR
import Settings

/// The settings that the blocks of a transformer share, and what every part of them is made of.
struct TransformerSettings: Sendable, Equatable {
  var heads = 1
  var intermediate = 1
  var activation = FeedForward.Activation.relu
  var dropout = 0.0
  var useBias = true
  var normalizeFirst = false
  var epsilon = 1e-5
  var kernelInitializer = InitializerChoice(Initializers.GlorotUniform())

  /// A part with its normalisation and its way around: x + f(norm(x)), or norm(x + f(x)).
  ///
  /// - Parameters:
  ///   - x: the name of what it reads, which the name of what it gives replaces.
  ///   - others: what f reads beside x.
  func part(_ layer: some Layer, _ name: String, on x: inout String, others: [String] = [])
    -> [JSON]
  {
    var norm = LayerNormalization()
    (norm.epsilon, norm.center) = (epsilon, useBias)
    var entries: [JSON] = []
    func add(_ layer: some Layer, _ name: String, _ inputs: [String]) -> String {
      entries.append(
        JSON(
          .object(
            [.init("name", name.json), .init("inputs", inputs.json)]
              + (layer.typedJSON.members ?? []))))
      return name
    }
    var y = normalizeFirst ? add(norm, "\(name)_norm", [x]) : x
    y = add(layer, name, [y] + others)
    if dropout > 0 { y = add(Dropout(rate: dropout), "\(name)_dropout", [y]) }
    // First what nobody else reads, so that the sum can lie in its place.
    y = add(Add(), "\(name)_sum", [y, x])
    x = normalizeFirst ? y : add(norm, "\(name)_norm", [y])
    return entries
  }

  func attention(causal: Bool) -> MultiHeadAttention {
    var layer = MultiHeadAttention(heads: heads, useBias: useBias, causal: causal)
    (layer.dropout, layer.kernelInitializer) = (dropout, kernelInitializer)
    return layer
  }

  var feedForward: FeedForward {
    var layer = FeedForward(
      intermediate: intermediate, activation: activation, useBias: useBias)
    layer.kernelInitializer = kernelInitializer
    return layer
  }
}

/// A block of a transformer.
protocol TransformerBlock: Block {
  var settings: TransformerSettings { get set }
}

extension TransformerBlock {
  /// The fields of `settings`.
  static var commonFields: [Field<Self>] {
    [
      Field(
        "num_heads", \.settings.heads, required: true, .within(1...1 << 16),
        "How many heads attend."),
      Field(
        "intermediate_dim", \.settings.intermediate, required: true, .atLeast(1),
        "The width between the two dense layers."),
      Field(
        "activation", \.settings.activation, "What stands between the dense layers."),
      Field(
        "dropout", \.settings.dropout, .within(0..<1),
        "The share dropped of attention weights and of what each part adds."),
      Field("use_bias", \.settings.useBias, "Whether anything has a bias or a beta."),
      Field(
        "normalize_first", \.settings.normalizeFirst,
        "Whether each part normalises what it reads (pre-norm), or its sum with that (post-norm)."),
      Field(
        "layer_norm_epsilon", \.settings.epsilon, .above(0),
        "What is added to variances."),
      Field(
        "kernel_initializer", \.settings.kernelInitializer, "How kernels begin."),
    ]
  }
}
