import Datasets
import TensorCore

/// Rows that tell which they are: `image` [2, 3, 1] of bytes 6r..6r+5 and `label` r mod 3.
func countingDataset(_ count: Int) -> MemoryDataset {
  MemoryDataset(
    count: count,
    [
      (DataField("image", [2, 3, 1]), .bytes((0..<count * 6).map { UInt8($0 % 256) })),
      (DataField("label", [], classes: 3), .floats((0..<count).map { Float($0 % 3) })),
    ])
}

/// A dataset whose rows from `limit` on cannot be read.
struct FailingDataset: Dataset {
  struct Failure: Error, Equatable { let row: Int }

  let whole: MemoryDataset
  let limit: Int

  var fields: [DataField] { whole.fields }
  var count: Int { whole.count }
  var files: [SourceFile] { [] }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) throws {
    if row >= limit { throw Failure(row: row) }
    whole.read(row: row, field: field, into: destination)
  }
}

/// Rows of a field `x` [3] that are 1 as far as they are long, and padded.
struct PaddedDataset: Dataset {
  let lengths: [Int]

  var fields: [DataField] { [DataField("x", [3], isPadded: true)] }
  var count: Int { lengths.count }
  var files: [SourceFile] { [] }

  func read(row: Int, field: Int, into destination: UnsafeMutablePointer<Float>) {
    for index in 0..<3 { destination[index] = index < lengths[row] ? 1 : 0 }
  }

  func length(row: Int, field: Int) -> Int { lengths[row] }
}

/// One field of one row.
func row(_ dataset: any Dataset, _ row: Int, _ field: Int) throws -> [Float] {
  let extent = dataset.fields[field].shape.count
  var values = [Float](repeating: .nan, count: extent)
  try values.withUnsafeMutableBufferPointer {
    guard let base = $0.baseAddress else { return }
    try dataset.read(row: row, field: field, into: base)
  }
  return values
}

/// What a batch holds, copied out: its place, its rows and the numbers of each field.
struct Contents: Equatable {
  let position: BatchPosition
  let rows: [Int]
  let fields: [[Float]]
}

extension Contents {
  init(_ batch: Batch) {
    self.init(
      position: batch.position, rows: Array(batch.rows),
      fields: batch.fields.indices.map { batch.view($0).elements })
  }

  /// What the pipeline fills for a position of a sequence, without a prefetcher.
  init(
    _ pipeline: Pipeline, _ sequence: BatchSequence, _ position: BatchPosition, isTraining: Bool
  ) throws {
    let rows = Array(sequence.rows(at: position))
    let arenas = pipeline.fields.map { Arena<Float>(count: $0.shape.count * rows.count) }
    try rows.withUnsafeBufferPointer {
      try pipeline.fill(
        rows: $0, epoch: position.epoch, isTraining: isTraining, into: arenas.map(\.base))
    }
    let fields = zip(pipeline.fields, arenas).map {
      $1.view(at: 0, $0.shape.prepending(rows.count)).elements
    }
    self.init(position: position, rows: rows, fields: fields)
  }
}

/// Everything a prefetcher has, or its first `limit` batches.
func drain(_ prefetcher: Prefetcher, limit: Int = .max) throws -> [Contents] {
  var all: [Contents] = []
  while all.count < limit, let batch = try prefetcher.next() {
    all.append(Contents(batch))
    batch.release()
  }
  return all
}
