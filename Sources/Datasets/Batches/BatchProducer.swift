import Glibc

/// What the prefetcher and its thread share: a ring of slots, filled in order and lent in order.
final class BatchProducer: @unchecked Sendable {
  private let pipeline: Pipeline
  private let sequence: BatchSequence
  private let isTraining: Bool
  private let end: Int?
  private let monitor = Monitor()
  private let slots: [BatchSlot]
  // All below is guarded by the monitor.
  private var start: BatchPosition
  private var lent = 0
  private var isStopping = false
  private var isFinished = false
  private var failure: (any Error)?

  init(
    _ pipeline: Pipeline, _ sequence: BatchSequence, from start: BatchPosition, end: Int?,
    isTraining: Bool, depth: Int
  ) {
    self.pipeline = pipeline
    self.sequence = sequence
    self.isTraining = isTraining
    self.start = start
    self.end = sequence.batches == 0 ? 0 : end
    // More slots than there are batches would never be used.
    let useful = self.end.map { max(1, ($0 - start.epoch) * sequence.batches) } ?? depth
    let monitor = monitor
    slots = (0..<max(1, min(depth, useful))).map { _ in
      BatchSlot(pipeline.fields, batchSize: min(sequence.batchSize, sequence.count), monitor)
    }
  }

  /// The thread's work: fills slot after slot until the end, a failure or `stop`.
  func produce() {
    var position = start
    if position.batch >= sequence.batches { position = BatchPosition(epoch: position.epoch + 1) }
    var order: [Int] = []
    var orderedEpoch: Int?
    var number = 0
    while end.map({ position.epoch < $0 }) ?? true {
      let slot = slots[number % slots.count]
      let goesOn = monitor.locked {
        monitor.wait { isStopping || slot.state == .free }
        return !isStopping
      }
      guard goesOn else { return }
      if orderedEpoch != position.epoch {
        order = sequence.order(of: position.epoch)
        orderedEpoch = position.epoch
      }
      do {
        try fill(slot, position, order)
      } catch {
        monitor.locked {
          failure = error
          monitor.signal()
        }
        return
      }
      monitor.locked {
        slot.state = .ready
        monitor.signal()
      }
      position = sequence.position(after: position)
      number += 1
    }
    monitor.locked {
      isFinished = true
      monitor.signal()
    }
  }

  /// A free slot is the producer's alone, so it is filled outside the lock.
  private func fill(_ slot: BatchSlot, _ position: BatchPosition, _ order: [Int]) throws {
    slot.position = position
    slot.shape = sequence.shape(of: position.batch, in: order)
    for index in 0..<slot.shape.rows {
      slot.rows[index] = sequence.row(index, of: position.batch, in: order)
    }
    try pipeline.fill(
      rows: UnsafeBufferPointer(start: slot.rows, count: slot.shape.rows), epoch: position.epoch,
      isTraining: isTraining, steps: slot.shape.steps, into: slot.pointers)
  }

  /// The next batch, lent; nil after the last. Batches made before a failure come before it is thrown.
  func take() throws -> Batch? {
    try monitor.locked {
      let slot = slots[lent % slots.count]
      if case .lent = slot.state {
        preconditionFailure("all batches that fit are lent: release one before the next")
      }
      monitor.wait { slot.state == .ready || isFinished || failure != nil }
      guard slot.state == .ready else {
        if let failure { throw failure }
        return nil
      }
      slot.state = .lent(lent)
      defer { lent += 1 }
      let (fields, steps) = (pipeline.fields, slot.shape.steps)
      return Batch(
        position: slot.position, shape: slot.shape,
        fields: steps == nil ? fields : fields.map { $0.limited(to: steps) }, slot: slot,
        number: lent)
    }
  }

  /// Has the thread end after the batch at hand.
  func stop() {
    monitor.locked {
      isStopping = true
      monitor.signal()
    }
  }
}
