public import GraphIR
public import Settings

/// Self attention and a feed-forward part, each with a normalisation and a way around.
public struct TransformerEncoder: Block, TransformerBlock {
  public static let type = "transformer_encoder"
  public static let manual = """
    A layer of a transformer: self attention, then a feed-forward part.

    normalize_first:  h = x + attention(norm(x))     y = h + feed_forward(norm(h))
    else:             h = norm(x + attention(x))     y = norm(h + feed_forward(h))

    Input x [N, T, D], output of the same shape. With use_causal_mask a position sees none behind it,
    as in a language model. Layers: attention, feed_forward, their norms and sums. As KerasHub.
    Source: A. Vaswani et al., "Attention is all you need", 2017; R. Xiong et al., "On layer
    normalization in the transformer architecture", 2020.
    """
  public static let fields =
    commonFields + [
      Field(
        "use_causal_mask", \TransformerEncoder.useCausalMask,
        "Whether a position sees none that come after it.")
    ]
  public static let inputs = ["input"]

  var settings = TransformerSettings()
  public var useCausalMask = false

  public init() {}

  public var layers: [JSON] {
    var x = "input"
    return settings.part(settings.attention(causal: useCausalMask), "attention", on: &x)
      + settings.part(settings.feedForward, "feed_forward", on: &x)
  }

  public static var samples: [TransformerEncoder] {
    var (first, last) = (TransformerEncoder(), TransformerEncoder())
    (first.settings.heads, first.settings.intermediate) = (2, 16)
    last = first
    (last.settings.normalizeFirst, last.settings.dropout, last.useCausalMask) = (true, 0.1, true)
    last.settings.useBias = false
    return [first, last]
  }
}
