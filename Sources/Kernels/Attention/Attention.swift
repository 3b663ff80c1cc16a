public import TensorCore

/// Scaled dot-product attention of several heads: for each row n and head h
///
///     P = softmax(Q Kᵀ / √width)    O = P V        Q [T, K], K and V [S, K], P [T, S]
///
/// P is never in memory as a whole: a block of queries meets all the keys it sees while their scores are in the cache, keys
/// that no query of the block may see are left out, and backward computes the scores again from the logarithms of the
/// rows' sums (Dao et al., "FlashAttention", 2022). Pairs (n, h) are shared out to the threads.
public enum Attention {
  /// Queries, keys and values, or their gradients: rows (n, t) that may lie anywhere apart.
  public struct Operands<S: Scalar> {
    public let query: StridedRows<S>
    public let key: StridedRows<S>
    public let value: StridedRows<S>

    public init(query: StridedRows<S>, key: StridedRows<S>, value: StridedRows<S>) {
      (self.query, self.key, self.value) = (query, key, value)
    }

    /// Those of one head of one row.
    func pair(_ pair: Int, _ geometry: AttentionGeometry) -> Operands {
      let (n, head) = (pair / geometry.heads, pair % geometry.heads * geometry.width)
      return Operands(
        query: query.from(n * geometry.queries, head), key: key.from(n * geometry.keys, head),
        value: value.from(n * geometry.keys, head))
    }
  }

  /// What is dropped of P in training.
  public struct Dropping: Sendable {
    public let rate: Double
    public let random: RandomStream

    public init(rate: Double, random: RandomStream) {
      (self.rate, self.random) = (rate, random)
    }

    /// Drops weights of a block, or of their gradients, in place.
    func apply<S: Scalar>(
      to block: AttentionBlock, _ values: UnsafeMutablePointer<S>, pair: Int,
      _ geometry: AttentionGeometry
    ) {
      for row in 0..<block.rows.count {
        // Each row of P has numbers of its own, whatever block it is computed in.
        let index = pair * geometry.queries + block.rows.lowerBound + row
        Dropout.apply(
          row: values + row * geometry.scoreStride, count: block.columns, rate: rate,
          random: random, first: index * geometry.scoreStride)
      }
    }
  }

  /// O and the logarithms of the sums.
  ///
  /// - Parameters:
  ///   - output: rows (n, t) of all heads.
  ///   - logSums: [N, H, T].
  ///   - scratch: `forwardScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ operands: Operands<S>, _ geometry: AttentionGeometry, dropping: Dropping? = nil,
    into output: StridedRows<S>, logSums: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let (chunks, stride) = (geometry.chunks, geometry.scoreStride)
    let scale = 1 / S(geometry.width).squareRoot()
    let slots = ScratchSlots()
    pool.run(chunks: chunks.count) { chunk in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let scores = scratch + slot * geometry.blockRows * stride
      for pair in chunks.range(chunk) {
        let (n, head) = (pair / geometry.heads, pair % geometry.heads * geometry.width)
        let (own, output) = (
          operands.pair(pair, geometry), output.from(n * geometry.queries, head)
        )
        for block in 0..<geometry.blocks {
          let block = geometry.block(block)
          let first = block.rows.lowerBound
          // scores = Q Kᵀ / √width
          gemm(
            transposeB: true, m: block.rows.count, n: block.columns, k: geometry.width,
            alpha: scale, own.query[first], lda: own.query.stride, own.key.base,
            ldb: own.key.stride, into: scores, ldc: stride)
          AttentionWeights.forward(
            scores, stride: stride, block, logSums: logSums + pair * geometry.queries + first)
          dropping?.apply(to: block, scores, pair: pair, geometry)
          // O = P V
          gemm(
            m: block.rows.count, n: geometry.width, k: block.columns, scores, lda: stride,
            own.value.base, ldb: own.value.stride, into: output[first], ldc: output.stride)
        }
      }
    }
  }

  /// The gradients of Q, K and V from that of O; all are written.
  ///
  ///     dV = Pᵀ dO    dP = dO Vᵀ    dS = P (dP - Σ dO O)    dQ = dS K / √width    dK = dSᵀ Q / √width
  ///
  /// - Parameter scratch: `backwardScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ operands: Operands<S>, _ geometry: AttentionGeometry, dropping: Dropping? = nil,
    output: StridedRows<S>, outputGradient: StridedRows<S>, logSums: UnsafePointer<S>,
    into gradients: Operands<S>, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let chunks = geometry.chunks
    let slots = ScratchSlots()
    pool.run(chunks: chunks.count) { chunk in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let scratch = scratch + slot * (geometry.backwardScratchCount / chunks.count)
      for pair in chunks.range(chunk) {
        let (n, head) = (pair / geometry.heads, pair % geometry.heads * geometry.width)
        let row = n * geometry.queries
        PairGradient(
          geometry: geometry, pair: pair, own: operands.pair(pair, geometry),
          gradients: gradients.pair(pair, geometry), output: output.from(row, head),
          outputGradient: outputGradient.from(row, head),
          logSums: logSums + pair * geometry.queries, dropping: dropping
        ).compute(scratch)
      }
    }
  }
}

/// The backward pass of one head of one row.
private struct PairGradient<S: Scalar> {
  let geometry: AttentionGeometry
  let pair: Int
  let own: Attention.Operands<S>
  let gradients: Attention.Operands<S>
  let output: StridedRows<S>
  let outputGradient: StridedRows<S>
  let logSums: UnsafePointer<S>
  let dropping: Attention.Dropping?

  func compute(_ scratch: UnsafeMutablePointer<S>) {
    // Last block first: it sees most keys, so the others add to what it wrote.
    let seen = geometry.block(geometry.blocks - 1).columns
    for key in seen..<geometry.keys {
      gradients.key[key].update(repeating: 0, count: geometry.width)
      gradients.value[key].update(repeating: 0, count: geometry.width)
    }
    for index in (0..<geometry.blocks).reversed() {
      add(geometry.block(index), isFirst: index == geometry.blocks - 1, scratch)
    }
  }

  private func add(
    _ block: AttentionBlock, isFirst: Bool, _ scratch: UnsafeMutablePointer<S>
  ) {
    let (stride, width) = (geometry.scoreStride, geometry.width)
    let (rows, first, columns) = (block.rows.count, block.rows.lowerBound, block.columns)
    let (scores, dScores) = (scratch, scratch + geometry.blockRows * stride)
    let deltas = scratch + 2 * geometry.blockRows * stride
    let scale = 1 / S(width).squareRoot()
    gemm(
      transposeB: true, m: rows, n: columns, k: width, alpha: scale, own.query[first],
      lda: own.query.stride, own.key.base, ldb: own.key.stride, into: scores, ldc: stride)
    // dP = dO Vᵀ
    gemm(
      transposeB: true, m: rows, n: columns, k: width, outputGradient[first],
      lda: outputGradient.stride, own.value.base, ldb: own.value.stride, into: dScores,
      ldc: stride)
    dropping?.apply(to: block, dScores, pair: pair, geometry)
    AttentionWeights.rowDots(
      outputGradient.from(first, 0), output.from(first, 0), rows: rows, columns: width,
      into: deltas)
    AttentionWeights.backward(
      scores, dScores, stride: stride, block, logSums: logSums + first, deltas: deltas)
    dropping?.apply(to: block, scores, pair: pair, geometry)
    // dQ = dS K / √width
    gemm(
      m: rows, n: width, k: columns, alpha: scale, dScores, lda: stride, own.key.base,
      ldb: own.key.stride, into: gradients.query[first], ldc: gradients.query.stride)
    // dK = dSᵀ Q / √width, dV = Pᵀ dO
    gemm(
      transposeA: true, m: columns, n: width, k: rows, alpha: scale, dScores, lda: stride,
      own.query[first], ldb: own.query.stride, accumulate: !isFirst, into: gradients.key.base,
      ldc: gradients.key.stride)
    gemm(
      transposeA: true, m: columns, n: width, k: rows, scores, lda: stride, outputGradient[first],
      ldb: outputGradient.stride, accumulate: !isFirst, into: gradients.value.base,
      ldc: gradients.value.stride)
  }
}

extension StridedRows {
  /// The rows from one on, each from one of its columns on.
  fileprivate func from(_ row: Int, _ column: Int) -> StridedRows {
    StridedRows(base + row * stride + column, stride: stride)
  }
}
