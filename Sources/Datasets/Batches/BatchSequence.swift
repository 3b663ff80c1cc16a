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
  /// The order of the rows changes from epoch to epoch; nil keeps that of the file.
  private let shuffle: RandomStream?

  /// Batches of at least one row; with a seed, the rows are shuffled anew in each epoch.
  public init(count: Int, batchSize: Int, shuffledBy seed: UInt64?, dropsRemainder: Bool = false) {
    precondition(batchSize > 0, "a batch has at least one row")
    self.count = count
    self.batchSize = batchSize
    self.dropsRemainder = dropsRemainder
    shuffle = seed.map { RandomStream(seed: $0, name: "data.shuffle") }
  }

  /// How many batches an epoch has; none only where there are no rows, or fewer than a batch and the remainder is dropped.
  public var batches: Int { (dropsRemainder ? count : count + batchSize - 1) / batchSize }

  /// How many rows a batch has.
  public func size(of batch: Int) -> Int { min(batchSize, count - batch * batchSize) }

  /// All rows in the order of an epoch (Fisher and Yates, by the stream `data.shuffle` at that epoch).
  public func order(of epoch: Int) -> [Int] {
    shuffle?.at(step: epoch).permutation(count) ?? Array(0..<count)
  }

  /// The rows of one batch.
  public func rows(at position: BatchPosition) -> ArraySlice<Int> {
    let start = position.batch * batchSize
    return order(of: position.epoch)[start..<start + size(of: position.batch)]
  }

  /// The batch after another.
  public func position(after position: BatchPosition) -> BatchPosition {
    position.batch + 1 < batches
      ? BatchPosition(epoch: position.epoch, batch: position.batch + 1)
      : BatchPosition(epoch: position.epoch + 1)
  }
}
