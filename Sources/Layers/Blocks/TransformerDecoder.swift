public import GraphIR
public import Settings

/// Causal self attention, attention to an encoder's output, and a feed-forward part.
public struct TransformerDecoder: Block, TransformerBlock {
  public static let type = "transformer_decoder"
  public static let manual = """
    A decoder's layer of a transformer: causal self attention, attention to the encoder, feed-forward.

    normalize_first:  h = x + self_attention(norm(x))     g = h + cross_attention(norm(h), z)
                      y = g + feed_forward(norm(g))
    else:             h = norm(x + self_attention(x))     g = norm(h + cross_attention(h, z))
                      y = norm(g + feed_forward(g))

    Inputs x [N, T, D] and z [N, S, E], the encoder's output; output of the shape of x. Layers:
    self_attention, cross_attention, feed_forward, their norms and sums. As KerasHub; a decoder
    without an encoder is a transformer_encoder with use_causal_mask.
    Source: A. Vaswani et al., "Attention is all you need", 2017.
    """
  public static let fields = commonFields
  public static let inputs = ["input", "encoded"]

  var settings = TransformerSettings()

  public init() {}

  public var layers: [JSON] {
    var x = "input"
    return settings.part(settings.attention(causal: true), "self_attention", on: &x)
      + settings.part(
        settings.attention(causal: false), "cross_attention", on: &x, others: ["encoded"])
      + settings.part(settings.feedForward, "feed_forward", on: &x)
  }

  public static var samples: [TransformerDecoder] {
    var (first, last) = (TransformerDecoder(), TransformerDecoder())
    (first.settings.heads, first.settings.intermediate) = (2, 16)
    last = first
    (last.settings.normalizeFirst, last.settings.dropout) = (true, 0.1)
    return [first, last]
  }
}
