public import TensorCore

/// Additive attention: for each row n
///
///     S[t, s] = Σ_d v[d] tanh(Q[t, d] + K[s, d])    P = softmax(S)    O = P V
///
/// with Q [T, D], K [S, D], V [S, W] and P [T, S]. The tanh of all pairs is in memory at no time: backward computes it
/// again, which takes less time than to write and to read it. Rows n are shared out to the threads.
public struct AdditiveAttention<S: Scalar>: @unchecked Sendable {
  private let geometry: AttentionGeometry
  private let query: UnsafePointer<S>
  private let key: UnsafePointer<S>
  private let value: UnsafePointer<S>
  private let scale: UnsafePointer<S>?
  private let mask: KeyMask<S>?
  private let dropping: Attention.Dropping?

  /// - Parameters:
  ///   - geometry: with one head; its K is D, its V is W.
  ///   - query: [N, T, D].
  ///   - key: [N, S, D].
  ///   - value: [N, S, W].
  ///   - scale: v [D]; ones if nil.
  public init(
    _ geometry: AttentionGeometry, query: UnsafePointer<S>, key: UnsafePointer<S>,
    value: UnsafePointer<S>, scale: UnsafePointer<S>?, mask: KeyMask<S>? = nil,
    dropping: Attention.Dropping? = nil
  ) {
    (self.geometry, self.query, self.key, self.value) = (geometry, query, key, value)
    (self.scale, self.mask, self.dropping) = (scale, mask, dropping)
  }

  /// Where gradients go, all of which are added to; nil where none is asked for.
  ///
  /// That of keys may be that of values.
  public struct Gradients {
    public let query: UnsafeMutablePointer<S>?
    public let key: UnsafeMutablePointer<S>?
    public let value: UnsafeMutablePointer<S>?

    public init(
      query: UnsafeMutablePointer<S>?, key: UnsafeMutablePointer<S>?,
      value: UnsafeMutablePointer<S>?
    ) {
      (self.query, self.key, self.value) = (query, key, value)
    }
  }

  /// How much scratch forward wants: weights that are dropped from, and sums of rows.
  public static func forwardScratchCount(_ geometry: AttentionGeometry) -> Int {
    chunks(geometry).count * partCount(geometry)
  }

  /// How much scratch backward wants: as forward, the gradient of a query, and that of v for each n.
  public static func backwardScratchCount(_ geometry: AttentionGeometry) -> Int {
    chunks(geometry).count * (partCount(geometry) + geometry.width)
      + geometry.batch * geometry.width
  }

  private static func partCount(_ geometry: AttentionGeometry) -> Int {
    geometry.blockRows * (geometry.scoreStride + 1)
  }

  private static func chunks(_ geometry: AttentionGeometry) -> Chunks {
    Chunks(
      of: geometry.batch,
      atLeast: max(1, 8_192 / max(1, geometry.queries * geometry.keys * geometry.width)))
  }

  /// O, and P for backward.
  ///
  /// - Parameters:
  ///   - output: [N, T, W].
  ///   - weights: P [N, T, S] before any are dropped, in rows of `geometry.scoreStride`.
  ///   - scratch: `forwardScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func forward(
    into output: UnsafeMutablePointer<S>, weights: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let (chunks, stride) = (Self.chunks(geometry), geometry.scoreStride)
    let (width, valueWidth) = (geometry.width, geometry.valueWidth)
    let slots = ScratchSlots(count: chunks.count)
    pool.run(chunks) { rows in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let dropped = scratch + slot * Self.partCount(geometry)
      let logSums = dropped + geometry.blockRows * stride
      for n in rows {
        let keys = key + n * geometry.keys * width
        for index in 0..<geometry.blocks {
          let block = geometry.block(index)
          let first = n * geometry.queries + block.rows.lowerBound
          let scores = weights + first * stride
          for row in 0..<block.rows.count {
            AdditiveScores.forward(
              query: query + (first + row) * width, keys: keys, scale: scale, mask: mask?.row(n),
              count: block.seen(row), width: width, into: scores + row * stride)
          }
          AttentionWeights.forward(scores, stride: stride, block, logSums: logSums)
          mask?.clear(scores, stride: stride, block, logSums: logSums, row: n)
          var kept = scores
          if let dropping {
            kept = dropped
            kept.update(from: scores, count: block.rows.count * stride)
            dropping.apply(to: block, kept, pair: n, geometry)
          }
          gemm(
            m: block.rows.count, n: valueWidth, k: block.columns, kept, lda: stride,
            value + n * geometry.keys * valueWidth, ldb: valueWidth,
            into: output + first * valueWidth, ldc: valueWidth)
        }
      }
    }
  }

  /// Adds the gradients that follow from that of O to what is there.
  ///
  ///     dV = Pᵀ dO    dP = dO Vᵀ    dS = P (dP - Σ P dP)    and from dS those of Q, K and v
  ///
  /// - Parameters:
  ///   - weights: P as forward left it, which is overwritten.
  ///   - scaleGradient: [D], written, or added to where `accumulatesScale`.
  ///   - scratch: `backwardScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func backward(
    outputGradient: UnsafeMutablePointer<S>,
    weights: UnsafeMutablePointer<S>, into gradients: Gradients,
    scaleGradient: UnsafeMutablePointer<S>?, accumulatesScale: Bool,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let (chunks, width) = (Self.chunks(geometry), geometry.width)
    let partCount = Self.partCount(geometry) + width
    let scaleGradients = scratch + chunks.count * partCount
    let slots = ScratchSlots(count: chunks.count)
    pool.run(chunks) { rows in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      for n in rows {
        // Each row's sum is its own, so that chunks, which padding may move, change no bit.
        let own = scaleGradients + n * width
        own.update(repeating: 0, count: width)
        for index in 0..<geometry.blocks {
          add(
            n, geometry.block(index), outputGradient: outputGradient, weights: weights,
            into: gradients, scaleGradient: own,
            scratch: scratch + slot * partCount)
        }
      }
    }
    if let scaleGradient {
      addPartials(
        scaleGradients, parts: geometry.batch, count: width, into: scaleGradient,
        accumulate: accumulatesScale, pool: pool)
    }
  }

  /// The gradients that follow from some queries of a row.
  @specialized(where S == Float)
  @specialized(where S == Double)
  private func add(
    _ n: Int, _ block: AttentionBlock, outputGradient: UnsafeMutablePointer<S>,
    weights: UnsafeMutablePointer<S>,
    into gradients: Gradients, scaleGradient: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>
  ) {
    let (stride, width, valueWidth) = (geometry.scoreStride, geometry.width, geometry.valueWidth)
    let (count, first) = (block.rows.count, n * geometry.queries + block.rows.lowerBound)
    let (weights, keyOffset) = (weights + first * stride, n * geometry.keys * width)
    let valueOffset = n * geometry.keys * valueWidth
    let dWeights = scratch
    let dQuery = dWeights + geometry.blockRows * stride
    let dOutput = outputGradient + first * valueWidth
    // dP = dO Vᵀ
    gemm(
      transposeB: true, m: count, n: block.columns, k: valueWidth, dOutput, lda: valueWidth,
      value + valueOffset, ldb: valueWidth, into: dWeights, ldc: stride)
    dropping?.apply(to: block, dWeights, pair: n, geometry)
    for row in 0..<count {
      let (p, dScores, seen) = (weights + row * stride, dWeights + row * stride, block.seen(row))
      // Of the numbers that it is subtracted from, so that the only key that a query sees has no gradient to the last bit;
      // in their order, so that padding changes no bit.
      var delta: S = 0
      for s in 0..<seen { delta += p[s] * dScores[s] }
      for s in 0..<seen { dScores[s] = p[s] * (dScores[s] - delta) }
      dQuery.update(repeating: 0, count: width)
      AdditiveScores.backward(
        query: query + (first + row) * width, keys: key + keyOffset, scale: scale,
        scoreGradients: dScores, count: seen, width: width, queryGradient: dQuery,
        keyGradient: gradients.key.map { $0 + keyOffset }, scaleGradient: scaleGradient)
      if let target = gradients.query.map({ $0 + (first + row) * width }) {
        for d in 0..<width { target[d] += dQuery[d] }
      }
    }
    guard let target = gradients.value else { return }
    dropping?.apply(to: block, weights, pair: n, geometry)
    // dV += Pᵀ dO
    gemm(
      transposeA: true, m: block.columns, n: valueWidth, k: count, weights, lda: stride, dOutput,
      ldb: valueWidth, accumulate: true, into: target + valueOffset, ldc: valueWidth)
  }
}
