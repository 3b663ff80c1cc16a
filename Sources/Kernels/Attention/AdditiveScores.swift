import CSIMD
import TensorCore

/// Scores of additive attention, and back: what one query makes of all keys.
///
/// Keys that are padding or have no gradient are passed over: tanh is nearly all of the work.
enum AdditiveScores {
  /// scores[s] = Σ_d v[d] tanh(query[d] + keys[s, d]), -∞ where the mask is 0.
  ///
  /// - Parameters:
  ///   - keys: [S, width].
  ///   - scale: v; ones if nil.
  ///   - mask: [S]; no padding if nil.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func forward<S: Scalar>(
    query: UnsafePointer<S>, keys: UnsafePointer<S>, scale: UnsafePointer<S>?,
    mask: UnsafePointer<S>?, count: Int, width: Int, into scores: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.attention.additive_scores(
        query.asFloat, keys.asFloat, scale?.asFloat, mask?.asFloat, count, width, scores.asFloat)
      return
    }
    for s in 0..<count {
      if let mask, mask[s] == 0 {
        scores[s] = -.infinity
        continue
      }
      let key = keys + s * width
      scores[s] = (0..<width).reduce(0) { $0 + (scale?[$1] ?? 1) * S.tanh(query[$1] + key[$1]) }
    }
  }

  /// Adds the gradients of the query, the keys and v to what is there; the tanh is computed again.
  ///
  ///     dquery[d] += Σ_s g[s, d]    dkeys[s, d] += g[s, d]    g[s, d] = dscores[s] v[d] (1 - tanh²)
  ///     dv[d] += Σ_s dscores[s] tanh(query[d] + keys[s, d])
  ///
  /// - Parameters:
  ///   - keyGradient: [S, width]; not asked for if nil.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func backward<S: Scalar>(
    query: UnsafePointer<S>, keys: UnsafePointer<S>, scale: UnsafePointer<S>?,
    scoreGradients: UnsafePointer<S>, count: Int, width: Int,
    queryGradient: UnsafeMutablePointer<S>, keyGradient: UnsafeMutablePointer<S>?,
    scaleGradient: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.attention.additive_scores_backward(
        query.asFloat, keys.asFloat, scale?.asFloat, scoreGradients.asFloat, count, width,
        queryGradient.asFloat, keyGradient?.asFloat, scaleGradient.asFloat)
      return
    }
    for s in 0..<count where scoreGradients[s] != 0 {
      for d in 0..<width {
        let t = S.tanh(query[d] + keys[s * width + d])
        let g = scoreGradients[s] * (scale?[d] ?? 1) * (1 - t * t)
        queryGradient[d] += g
        keyGradient?[s * width + d] += g
        scaleGradient[d] += scoreGradients[s] * t
      }
    }
  }
}
