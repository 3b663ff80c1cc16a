import TensorCore

/// The extents of scaled dot-product attention, and how its work is cut.
///
/// Rows of the tensors are (n, t): batch row n, position t. Head h of a row lies at its scalars h K ..< (h + 1) K, that of
/// values and outputs at h V ..< (h + 1) V.
public struct AttentionGeometry: Sendable {
  /// N.
  public let batch: Int
  /// H.
  public let heads: Int
  /// T: positions that ask.
  public let queries: Int
  /// S: positions that are asked.
  public let keys: Int
  /// K: the width of a head of queries and keys.
  public let width: Int
  /// V: that of values and outputs, K where nothing else is said.
  public let valueWidth: Int
  /// Whether position t sees only the positions 0...t.
  public let isCausal: Bool
  /// Whether scores are divided by √K.
  public let isScaled: Bool

  public init(
    batch: Int, heads: Int, queries: Int, keys: Int, width: Int, valueWidth: Int? = nil,
    isCausal: Bool, isScaled: Bool = true
  ) {
    (self.batch, self.heads, self.queries, self.keys) = (batch, heads, queries, keys)
    (self.width, self.valueWidth) = (width, valueWidth ?? width)
    (self.isCausal, self.isScaled) = (isCausal, isScaled)
  }

  /// The most queries of a block: with the keys' tiles the block's scores stay in the second-level cache.
  private static let mostRows = 64
  private static let scoresOfBlock = 32_768

  /// Queries of a block of scores.
  var blockRows: Int {
    let fitting = max(16, Self.scoresOfBlock / max(1, keys))
    return max(1, min(Self.mostRows, fitting, queries))
  }

  /// From one row of a block of scores to the next.
  public var scoreStride: Int { (keys + 15) / 16 * 16 }

  /// Pairs of a batch row and a head, which know nothing of each other.
  var chunks: Chunks {
    Chunks(sharing: batch * heads, atLeast: max(1, 4_096 / max(1, queries * keys)))
  }

  /// The blocks of one pair, first to last; a causal block sees no further than its last query.
  var blocks: Int { (queries + blockRows - 1) / blockRows }

  func block(_ index: Int) -> AttentionBlock {
    let rows = index * blockRows..<min(queries, (index + 1) * blockRows)
    return AttentionBlock(
      rows: rows, columns: isCausal ? min(keys, rows.upperBound) : keys,
      visible: isCausal ? rows.lowerBound + 1 : keys)
  }

  /// What scores are multiplied by: 1 / √width, or 1.
  func scale<S: Scalar>() -> S { isScaled ? 1 / S(width).squareRoot() : 1 }

  /// How much scratch forward and backward want: scores and their gradients, keys and values turned, sums of rows.
  public var forwardScratchCount: Int { chunks.count * (blockRows + width) * scoreStride }
  public var backwardScratchCount: Int {
    chunks.count * ((2 * blockRows + width + valueWidth) * scoreStride + Self.mostRows)
  }
}

/// Some queries of one head and the keys they see.
struct AttentionBlock {
  let rows: Range<Int>
  /// How many keys the last of the queries sees.
  let columns: Int
  /// How many the first one sees; each further one sees one more, up to `columns`.
  let visible: Int

  /// How many keys a query of the block sees, counted from its first.
  func seen(_ row: Int) -> Int { min(columns, visible + row) }
}
