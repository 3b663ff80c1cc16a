import CSIMD
import TensorCore

/// What lies between the products of attention: scores become weights, and back.
enum AttentionWeights {
  /// Each row's softmax over the keys it sees, zeros behind; `logSums` are ln Σ eˢ. Rows are whole vectors apart.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func forward<S: Scalar>(
    _ scores: UnsafeMutablePointer<S>, stride: Int, _ block: AttentionBlock,
    logSums: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.attention.attention_weights(
        scores.asFloat, block.rows.count, block.columns, stride, block.visible, logSums.asFloat)
      return
    }
    for row in 0..<block.rows.count {
      let (x, seen) = (scores + row * stride, block.seen(row))
      let logSum = Softmax.logSumExp(x, seen)
      for c in 0..<seen { x[c] = S.exp(x[c] - logSum) }
      for c in seen..<block.columns { x[c] = 0 }
      logSums[row] = logSum
    }
  }

  /// Scores become weights p = eˢ / Σ eˢ again, and their gradients those of the scores times `scale`,
  /// scale p (dp - delta), where delta = Σ p dp.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func backward<S: Scalar>(
    _ scores: UnsafeMutablePointer<S>, _ gradients: UnsafeMutablePointer<S>, stride: Int,
    _ block: AttentionBlock, logSums: UnsafePointer<S>, deltas: UnsafePointer<S>,
    scale: S
  ) {
    if let vectors = S.vectors {
      vectors.attention.attention_weights_backward(
        scores.asFloat, gradients.asFloat, block.rows.count, block.columns, stride, block.visible,
        logSums.asFloat, deltas.asFloat, Float(scale))
      return
    }
    for row in 0..<block.rows.count {
      let (x, dx, seen) = (scores + row * stride, gradients + row * stride, block.seen(row))
      for c in 0..<seen {
        x[c] = S.exp(x[c] - logSums[row])
        dx[c] = scale * x[c] * (dx[c] - deltas[row])
      }
      for c in seen..<block.columns { (x[c], dx[c]) = (0, 0) }
    }
  }
}
