public import TensorCore

/// Rows of all fields in memory that the prefetcher lends: to be read until `release`, and never written by others.
public struct Batch: Sendable {
  /// Where in the run this batch comes.
  public let position: BatchPosition
  /// How many rows it has: the batch size, or fewer in the last batch of an epoch; and of how many steps.
  public let shape: BatchShape
  /// The fields of a row; padded ones are as long as the batch has steps.
  public let fields: [DataField]
  let slot: BatchSlot
  let number: Int

  /// How many rows it has.
  public var count: Int { shape.rows }

  /// The address of each field, aligned to 64 bytes: `count` rows, behind one another.
  ///
  /// Behind them, up to the batch size, lies what earlier batches left.
  public var pointers: [UnsafeMutablePointer<Float>] { slot.pointers }

  /// The rows' numbers in the dataset.
  public var rows: UnsafeBufferPointer<Int> {
    UnsafeBufferPointer(start: slot.rows, count: count)
  }

  /// A field as a tensor [count, ...].
  public func view(_ field: Int) -> View<Float> {
    View(pointers[field], fields[field].shape.prepending(count))
  }

  /// Gives the memory back; once is enough, and more does no harm.
  public func release() { slot.release(number) }
}

/// The memory of one batch, used again and again; the monitor guards its state.
final class BatchSlot: @unchecked Sendable {
  enum State: Equatable {
    case free
    case ready
    case lent(Int)
  }

  let pointers: [UnsafeMutablePointer<Float>]
  let rows: UnsafeMutablePointer<Int>
  var state = State.free
  var position = BatchPosition()
  var shape = BatchShape(rows: 0)
  private let arena: Arena<Float>
  private let monitor: Monitor

  init(_ fields: [DataField], batchSize: Int, _ monitor: Monitor) {
    var total = 0
    let offsets = fields.map { field in
      defer { total += Arena<Float>.aligned(field.shape.count * batchSize) }
      return total
    }
    let arena = Arena<Float>(count: total)
    self.arena = arena
    self.monitor = monitor
    pointers = offsets.map { arena.base + $0 }
    rows = .allocate(capacity: batchSize)
  }

  deinit { rows.deallocate() }

  func release(_ number: Int) {
    monitor.locked {
      guard state == .lent(number) else { return }
      state = .free
      monitor.signal()
    }
  }
}
