/// The distances between the starts of two rows of queries, keys, values and outputs; gradients lie alike.
public struct AttentionStrides: Sendable {
  public let query: Int
  public let key: Int
  public let value: Int
  public let output: Int

  public init(query: Int, key: Int, value: Int, output: Int) {
    (self.query, self.key, self.value, self.output) = (query, key, value, output)
  }
}

/// The products of attention, block by block, as a layer declares them before the first step.
///
/// Keys and values that stand transposed in a product are turned once for all blocks.
public struct AttentionProducts: Sendable {
  private let geometry: AttentionGeometry
  private let strides: AttentionStrides

  public init(_ geometry: AttentionGeometry, _ strides: AttentionStrides) {
    (self.geometry, self.strides) = (geometry, strides)
  }

  /// Sequences of more blocks than this are left to our own engine: binding takes time for each.
  private static let mostBlocks = 32
  private var boundBlocks: Range<Int> {
    0..<(geometry.blocks <= Self.mostBlocks ? geometry.blocks : 0)
  }

  /// Two for each block: scores, outputs.
  public var forward: [FixedProduct] {
    boundBlocks.flatMap { index in
      let block = geometry.block(index)
      return [scores(block), outputs(block)]
    }
  }

  /// Five for each block: scores, and the gradients of weights, queries, keys and values.
  public var backward: [FixedProduct] {
    boundBlocks.flatMap { index in
      let block = geometry.block(index)
      return [
        scores(block), weightGradients(block), queryGradients(block), keyGradients(block),
        valueGradients(block),
      ]
    }
  }

  /// Q Kᵀ.
  func scores(_ block: AttentionBlock) -> FixedProduct {
    ofKeys(block, width: geometry.width, stride: strides.query)
  }

  /// dO Vᵀ.
  func weightGradients(_ block: AttentionBlock) -> FixedProduct {
    ofKeys(block, width: geometry.valueWidth, stride: strides.output)
  }

  /// P V.
  func outputs(_ block: AttentionBlock) -> FixedProduct {
    ofScores(block, width: geometry.valueWidth, ldb: strides.value, ldc: strides.output)
  }

  /// dS K.
  func queryGradients(_ block: AttentionBlock) -> FixedProduct {
    ofScores(block, width: geometry.width, ldb: strides.key, ldc: strides.query)
  }

  /// dSᵀ Q.
  func keyGradients(_ block: AttentionBlock) -> FixedProduct {
    ofRows(block, width: geometry.width, ldb: strides.query, ldc: strides.key)
  }

  /// Pᵀ dO.
  func valueGradients(_ block: AttentionBlock) -> FixedProduct {
    ofRows(block, width: geometry.valueWidth, ldb: strides.output, ldc: strides.value)
  }

  private func ofKeys(_ block: AttentionBlock, width: Int, stride: Int) -> FixedProduct {
    FixedProduct(
      m: block.rows.count, n: block.columns, k: width, lda: stride,
      ldb: geometry.scoreStride, ldc: geometry.scoreStride)
  }

  private func ofScores(_ block: AttentionBlock, width: Int, ldb: Int, ldc: Int) -> FixedProduct {
    FixedProduct(
      m: block.rows.count, n: width, k: block.columns, lda: geometry.scoreStride,
      ldb: ldb, ldc: ldc)
  }

  /// The last block goes first: it sees most keys, so the others add to what it wrote.
  private func ofRows(_ block: AttentionBlock, width: Int, ldb: Int, ldc: Int) -> FixedProduct {
    FixedProduct(
      transposeA: true, m: block.columns, n: width, k: block.rows.count,
      lda: geometry.scoreStride, ldb: ldb, ldc: ldc,
      accumulate: block.rows.upperBound < geometry.queries)
  }
}
