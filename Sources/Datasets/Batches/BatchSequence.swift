import TensorCore

/// Where in a run a batch comes: the epoch, and the batch within it, both from 0.
public struct BatchPosition: Hashable, Sendable, Comparable {
  public var epoch: Int
  public var batch: Int

  public init(epoch: Int = 0, batch: Int = 0) {
    self.epoch = epoch
    self.batch = batch
  }

  public static func < (one: BatchPosition, other: BatchPosition) -> Bool {
    (one.epoch, one.batch) < (other.epoch, other.batch)
  }
}

/// Which rows come in which batch: a function of the number of rows, the seed and the epoch alone.
public struct BatchSequence: Sendable {
  /// How many rows the dataset has.
  public let count: Int
  /// How many rows a batch has; the last of an epoch may have fewer.
  public let batchSize: Int
  /// Whether a last batch with fewer rows is left out.
  public let dropsRemainder: Bool
  /// Whether row n of a batch follows row n of the batch before in the dataset: every row of a batch goes through a
  /// stretch of its own, as models want that carry their state from batch to batch. Then nothing is shuffled.
  public let continues: Bool
  /// Has rows of about the same length come together; then only the batches are in no order.
  public let buckets: LengthBuckets?
  /// The order of the rows changes from epoch to epoch; nil keeps that of the file.
  private let shuffle: RandomStream?
  /// The order of the batches of rows that lie in buckets.
  private let batchShuffle: RandomStream?

  /// Batches of at least one row; with a seed, the rows are shuffled anew in each epoch.
  public init(
    count: Int, batchSize: Int, shuffledBy seed: UInt64?, dropsRemainder: Bool = false,
    continues: Bool = false, buckets: LengthBuckets? = nil
  ) {
    precondition(batchSize > 0, "a batch has at least one row")
    precondition(!continues || buckets == nil, "what goes on cannot be sorted by length")
    self.buckets = buckets
    self.count = count
    self.batchSize = batchSize
    self.dropsRemainder = dropsRemainder
    self.continues = continues
    let seed = continues ? nil : seed
    shuffle = seed.map { RandomStream(seed: $0, name: "data.shuffle") }
    batchShuffle = seed.map { RandomStream(seed: $0, name: "data.shuffle.batches") }
  }

  /// How many batches an epoch has; none only where there are no rows, or fewer than a batch and the remainder is dropped.
  public var batches: Int { (dropsRemainder ? count : count + batchSize - 1) / batchSize }

  /// How many rows a batch has.
  public func size(of batch: Int) -> Int {
    continues && !dropsRemainder
      ? (count - batch + batches - 1) / batches : min(batchSize, count - batch * batchSize)
  }

  /// How large the batches are: of one size, or of another one for each bucket and for those of fewer rows.
  public var shapes: Set<BatchShape> {
    let order = sorted(Array(0..<count))
    return Set((0..<batches).map { shape(of: $0, in: order) })
  }

  /// How large a batch is, given the order of its epoch.
  func shape(of batch: Int, in order: [Int]) -> BatchShape {
    let rows = size(of: batch)
    return BatchShape(
      rows: rows,
      steps: buckets?.steps(of: (0..<rows).lazy.map { row($0, of: batch, in: order) }))
  }

  /// A row of a batch, given the order of its epoch.
  func row(_ index: Int, of batch: Int, in order: [Int]) -> Int {
    // With batches that continue, as many stretches as the first has rows lie behind one another.
    order[continues ? index * batches + batch : batch * batchSize + index]
  }

  /// All rows in the order of an epoch (Fisher and Yates, by the stream `data.shuffle` at that epoch).
  ///
  /// With buckets, the rows are then sorted by theirs and cut into batches, whose order is drawn in turn; the batch of fewer
  /// rows stays the last. So at most one batch for each bucket has shorter rows than its others.
  public func order(of epoch: Int) -> [Int] {
    let order = sorted(shuffle?.at(step: epoch).permutation(count) ?? Array(0..<count))
    guard buckets != nil, let batchShuffle else { return order }
    let whole = count / batchSize
    return batchShuffle.at(step: epoch).permutation(whole).flatMap {
      order[$0 * batchSize..<($0 + 1) * batchSize]
    } + order[(whole * batchSize)...]
  }

  /// Rows in the order of their buckets, those of a bucket in the order that they have.
  private func sorted(_ order: [Int]) -> [Int] {
    guard let buckets else { return order }
    return buckets.limits.indices.flatMap { bucket in
      order.filter { buckets.buckets[$0] == bucket }
    }
  }

  /// The rows of one batch.
  public func rows(at position: BatchPosition) -> [Int] {
    let order = order(of: position.epoch)
    return (0..<size(of: position.batch)).map { row($0, of: position.batch, in: order) }
  }

  /// The batch after another.
  public func position(after position: BatchPosition) -> BatchPosition {
    position.batch + 1 < batches
      ? BatchPosition(epoch: position.epoch, batch: position.batch + 1)
      : BatchPosition(epoch: position.epoch + 1)
  }
}
