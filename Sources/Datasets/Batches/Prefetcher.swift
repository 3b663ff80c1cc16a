import Glibc

/// Makes batches ahead, on a thread of its own, while others are used.
///
/// The memory of `depth` batches is reserved once; making a batch allocates nothing but the order of the rows, once an
/// epoch. The batches are those of the sequence, whatever the timing. Letting go of the prefetcher ends its thread, at any time;
/// batches that are still lent stay readable.
public final class Prefetcher {
  /// How many batches are reserved unless said otherwise: one in use, one ready, one in the making.
  public static let defaultDepth = 3

  /// The fields of every batch.
  public let fields: [DataField]
  private let producer: BatchProducer
  private let thread: pthread_t

  /// Begins with the batch at `start`, as a resumed run does, and ends before the epoch `end`, or never where that is nil.
  ///
  /// `sequence.count` is the number of rows of the pipeline. At most `depth` batches can be lent at a time.
  public init(
    _ pipeline: Pipeline, _ sequence: BatchSequence, from start: BatchPosition = BatchPosition(),
    until end: Int? = nil, isTraining: Bool, depth: Int = Prefetcher.defaultDepth
  ) {
    precondition(sequence.count == pipeline.count, "a sequence for another number of rows")
    fields = pipeline.fields
    producer = BatchProducer(
      pipeline, sequence, from: start, end: end, isTraining: isTraining, depth: depth)
    var thread = pthread_t()
    // The thread holds the producer, not the prefetcher, so that letting go of the latter can end it.
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<BatchProducer>.fromOpaque(argument).takeRetainedValue().produce()
        return nil
      }, Unmanaged.passRetained(producer).toOpaque())
    precondition(status == 0, "the system refused a thread (error \(status))")
    self.thread = thread
  }

  deinit {
    producer.stop()
    pthread_join(thread, nil)
  }

  /// The next batch, waited for if need be, or nil after the last; the caller releases it.
  ///
  /// Throws: what reading a row threw, after the batches that came before it.
  public func next() throws -> Batch? { try producer.take() }
}
