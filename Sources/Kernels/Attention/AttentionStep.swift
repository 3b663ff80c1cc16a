public import TensorCore

/// Causal attention of the one position that comes next to all before it, whose keys and values are kept.
public enum AttentionStep {
  /// Puts a step's keys and values behind those of the steps before, and attends to all of them.
  ///
  /// Behind the end of the cache its last place is used again.
  ///
  /// - Parameters:
  ///   - projection: q, k and v of the step, [N, 3, H K].
  ///   - cache: keys and values [N, S, 2, H K].
  ///   - position: how many steps came before, which grows by one.
  ///   - output: [N, 1, H K].
  ///   - scores: memory for [N, H, S].
  public static func forward<S: Scalar>(
    _ projection: UnsafePointer<S>, cache: View<S>, position: UnsafeMutablePointer<S>, heads: Int,
    into output: View<S>, scores: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let (batch, length, width) = (cache.shape[0], cache.shape[1], cache.shape[3])
    let last = min(Int(position[0]), length - 1)
    let headWidth = width / heads
    for n in 0..<batch {
      (cache.base + (n * length + last) * 2 * width).update(
        from: projection + (n * 3 + 1) * width, count: 2 * width)
    }
    pool.run(Chunks(of: batch * heads, atLeast: max(1, 65_536 / max(1, (last + 1) * headWidth)))) {
      range in
      for pair in range {
        let (n, offset) = (pair / heads, pair % heads * headWidth)
        head(
          query: projection + n * 3 * width + offset,
          keys: cache.base + n * length * 2 * width + offset, width: headWidth,
          stride: 2 * width, valueOffset: width, count: last + 1,
          scores: scores + pair * length, into: output.base + n * width + offset)
      }
    }
    position[0] = S(last + 1)
  }

  /// One head of one row.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private static func head<S: Scalar>(
    query: UnsafePointer<S>, keys: UnsafePointer<S>, width: Int, stride: Int, valueOffset: Int,
    count: Int, scores: UnsafeMutablePointer<S>, into output: UnsafeMutablePointer<S>
  ) {
    let scale = 1 / S(width).squareRoot()
    for key in 0..<count {
      let row = keys + key * stride
      var dot: S = 0
      for i in 0..<width { dot += query[i] * row[i] }
      scores[key] = scale * dot
    }
    let logSum = Softmax.logSumExp(scores, count)
    output.update(repeating: 0, count: width)
    for key in 0..<count {
      let (weight, row) = (S.exp(scores[key] - logSum), keys + key * stride + valueOffset)
      for i in 0..<width { output[i] += weight * row[i] }
    }
  }
}
