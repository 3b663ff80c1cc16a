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
  /// The order of the rows changes from epoch to epoch; nil keeps that of the file.
  private let shuffle: RandomStream?

  /// Batches of at least one row; with a seed, the rows are shuffled anew in each epoch.
  public init(
    count: Int, batchSize: Int, shuffledBy seed: UInt64?, dropsRemainder: Bool = false,
    continues: Bool = false
  ) {
    precondition(batchSize > 0, "a batch has at least one row")
    self.count = count
    self.batchSize = batchSize
    self.dropsRemainder = dropsRemainder
    self.continues = continues
    shuffle = (continues ? nil : seed).map { RandomStream(seed: $0, name: "data.shuffle") }
  }

  /// How many batches an epoch has; none only where there are no rows, or fewer than a batch and the remainder is dropped.
  public var batches: Int { (dropsRemainder ? count : count + batchSize - 1) / batchSize }

  /// How many rows a batch has.
  public func size(of batch: Int) -> Int {
    continues && !dropsRemainder
      ? (count - batch + batches - 1) / batches : min(batchSize, count - batch * batchSize)
  }

  /// How many rows the batches have: a number, or two where some have fewer.
  public var sizes: Set<Int> { batches == 0 ? [] : [size(of: 0), size(of: batches - 1)] }

  /// A row of a batch, given the order of its epoch.
  func row(_ index: Int, of batch: Int, in order: [Int]) -> Int {
    // With batches that continue, as many stretches as the first has rows lie behind one another.
    order[continues ? index * batches + batch : batch * batchSize + index]
  }

  /// All rows in the order of an epoch (Fisher and Yates, by the stream `data.shuffle` at that epoch).
  public func order(of epoch: Int) -> [Int] {
    shuffle?.at(step: epoch).permutation(count) ?? Array(0..<count)
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
