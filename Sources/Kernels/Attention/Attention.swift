public import TensorCore

/// Scaled dot-product attention of several heads: for each row n and head h
///
///     P = softmax(Q Kᵀ / √width)    O = P V        Q [T, K], K [S, K], V [S, V], P [T, S]
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

    /// How far apart the rows lie, of these and of an output.
    func strides(output: Int) -> AttentionStrides {
      AttentionStrides(
        query: query.stride, key: key.stride, value: value.stride, output: output)
    }

    /// Those of one head of one row.
    func pair(_ pair: Int, _ geometry: AttentionGeometry) -> Operands {
      let (n, head) = (pair / geometry.heads, pair % geometry.heads)
      let offset = head * geometry.width
      return Operands(
        query: query.from(n * geometry.queries, offset), key: key.from(n * geometry.keys, offset),
        value: value.from(n * geometry.keys, head * geometry.valueWidth))
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
  ///   - products: `AttentionProducts.forward`, bound.
  ///   - output: rows (n, t) of all heads.
  ///   - logSums: [N, H, T].
  ///   - scratch: `forwardScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ operands: Operands<S>, _ geometry: AttentionGeometry, products: BoundProducts = .none,
    mask: KeyMask<S>? = nil, dropping: Dropping? = nil, into output: StridedRows<S>,
    logSums: UnsafeMutablePointer<S>,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let (chunks, stride) = (geometry.chunks, geometry.scoreStride)
    let shapes = AttentionProducts(geometry, operands.strides(output: output.stride))
    let slots = ScratchSlots(count: chunks.count)
    pool.run(chunks: chunks.count) { chunk in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let scores = scratch + slot * (geometry.forwardScratchCount / chunks.count)
      let turnedKey = scores + geometry.blockRows * stride
      for pair in chunks.range(chunk) {
        let (n, head) = (pair / geometry.heads, pair % geometry.heads * geometry.valueWidth)
        let (own, output) = (
          operands.pair(pair, geometry), output.from(n * geometry.queries, head)
        )
        turn(
          own.key, rows: geometry.keys, columns: geometry.width, scale: geometry.scale(),
          into: turnedKey, stride: stride)
        for index in 0..<geometry.blocks {
          let block = geometry.block(index)
          let first = block.rows.lowerBound
          // scores = Q Kᵀ / √width
          products.multiply(
            2 * index, shapes.scores(block), own.query[first], turnedKey, into: scores)
          let logSums = logSums + pair * geometry.queries + first
          mask?.hide(in: scores, stride: stride, block, row: n)
          AttentionWeights.forward(scores, stride: stride, block, logSums: logSums)
          mask?.clear(scores, stride: stride, block, logSums: logSums, row: n)
          dropping?.apply(to: block, scores, pair: pair, geometry)
          // O = P V
          products.multiply(
            2 * index + 1, shapes.outputs(block), scores, own.value.base, into: output[first])
        }
      }
    }
  }

  /// The gradients of Q, K and V from that of O; all are written.
  ///
  ///     dV = Pᵀ dO    dP = dO Vᵀ    dS = P (dP - Σ dO O)    dQ = dS K / √width    dK = dSᵀ Q / √width
  ///
  /// - Parameters:
  ///   - products: `AttentionProducts.backward`, bound.
  ///   - outputGradient: dO, whose rows lie as those of O.
  ///   - gradients: of Q, K and V, whose rows lie as those.
  ///   - scratch: `backwardScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ operands: Operands<S>, _ geometry: AttentionGeometry, products: BoundProducts = .none,
    mask: KeyMask<S>? = nil, dropping: Dropping? = nil, output: StridedRows<S>,
    outputGradient: StridedRows<S>,
    logSums: UnsafePointer<S>, into gradients: Operands<S>, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    let chunks = geometry.chunks
    let shapes = AttentionProducts(geometry, operands.strides(output: output.stride))
    let slots = ScratchSlots(count: chunks.count)
    pool.run(chunks: chunks.count) { chunk in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let scratch = scratch + slot * (geometry.backwardScratchCount / chunks.count)
      for pair in chunks.range(chunk) {
        let (n, head) = (pair / geometry.heads, pair % geometry.heads * geometry.valueWidth)
        let row = n * geometry.queries
        PairGradient(
          geometry: geometry, products: products, shapes: shapes, pair: pair,
          own: operands.pair(pair, geometry),
          gradients: gradients.pair(pair, geometry), output: output.from(row, head),
          outputGradient: outputGradient.from(row, head),
          logSums: logSums + pair * geometry.queries, mask: mask, dropping: dropping
        ).compute(scratch)
      }
    }
  }
}

/// The backward pass of one head of one row.
private struct PairGradient<S: Scalar> {
  let geometry: AttentionGeometry
  let products: BoundProducts
  let shapes: AttentionProducts
  let pair: Int
  let own: Attention.Operands<S>
  let gradients: Attention.Operands<S>
  let output: StridedRows<S>
  let outputGradient: StridedRows<S>
  let logSums: UnsafePointer<S>
  let mask: KeyMask<S>?
  let dropping: Attention.Dropping?

  func compute(_ scratch: UnsafeMutablePointer<S>) {
    // Last block first: it sees most keys, so the others add to what it wrote.
    let seen = geometry.block(geometry.blocks - 1).columns
    for key in seen..<geometry.keys {
      gradients.key[key].update(repeating: 0, count: geometry.width)
      gradients.value[key].update(repeating: 0, count: geometry.valueWidth)
    }
    turn(
      own.key, rows: geometry.keys, columns: geometry.width, scale: geometry.scale(),
      into: turnedKey(scratch), stride: geometry.scoreStride)
    turn(
      own.value, rows: geometry.keys, columns: geometry.valueWidth, scale: 1,
      into: turnedValue(scratch), stride: geometry.scoreStride)
    for index in (0..<geometry.blocks).reversed() { add(index, scratch) }
  }

  private func turnedKey(_ scratch: UnsafeMutablePointer<S>) -> UnsafeMutablePointer<S> {
    scratch + 2 * geometry.blockRows * geometry.scoreStride
  }

  private func turnedValue(_ scratch: UnsafeMutablePointer<S>) -> UnsafeMutablePointer<S> {
    turnedKey(scratch) + geometry.width * geometry.scoreStride
  }

  private func add(_ index: Int, _ scratch: UnsafeMutablePointer<S>) {
    let block = geometry.block(index)
    let (stride, width) = (geometry.scoreStride, geometry.valueWidth)
    let (rows, first) = (block.rows.count, block.rows.lowerBound)
    let (scores, dScores) = (scratch, scratch + geometry.blockRows * stride)
    let deltas = turnedValue(scratch) + width * stride
    let number = 5 * index
    products.multiply(
      number, shapes.scores(block), own.query[first], turnedKey(scratch), into: scores)
    mask?.hide(in: scores, stride: stride, block, row: pair / geometry.heads)
    // dP = dO Vᵀ
    products.multiply(
      number + 1, shapes.weightGradients(block), outputGradient[first], turnedValue(scratch),
      into: dScores)
    dropping?.apply(to: block, dScores, pair: pair, geometry)
    Reduction.rowDots(
      outputGradient.from(first, 0), output.from(first, 0), rows: rows, columns: width,
      into: deltas)
    // dS / √width, which both gradients below want.
    AttentionWeights.backward(
      scores, dScores, stride: stride, block, logSums: logSums + first, deltas: deltas,
      scale: geometry.scale())
    dropping?.apply(to: block, scores, pair: pair, geometry)
    // dQ = dS K / √width
    products.multiply(
      number + 2, shapes.queryGradients(block), dScores, own.key.base,
      into: gradients.query[first])
    // dK = dSᵀ Q / √width, dV = Pᵀ dO
    products.multiply(
      number + 3, shapes.keyGradients(block), dScores, own.query[first], into: gradients.key.base)
    products.multiply(
      number + 4, shapes.valueGradients(block), scores, outputGradient[first],
      into: gradients.value.base)
  }
}

/// Writes `scale` times the transpose of rows, whose rows are `stride` scalars, zeros behind.
private func turn<S: Scalar>(
  _ rows: StridedRows<S>, rows count: Int, columns: Int, scale: S,
  into turned: UnsafeMutablePointer<S>, stride: Int
) {
  Blocks.transpose(
    rows.base, from: rows.stride, rows: count, columns: columns, scale: scale, into: turned,
    to: stride)
}

extension StridedRows {
  /// The rows from one on, each from one of its columns on.
  fileprivate func from(_ row: Int, _ column: Int) -> StridedRows {
    StridedRows(base + row * stride + column, stride: stride)
  }
}
