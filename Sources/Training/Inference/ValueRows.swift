import Datasets
import GraphIR
import TensorCore

/// A value that is computed for rows of data, batch after batch.
final class ValueRows {
  /// The shape of the value for one row.
  let shape: Shape
  /// The shapes of the others, where they are computed.
  let otherShapes: [Shape]
  let rows: InputRows
  private let value: NamedValue
  private let inference: Inference
  private let batchSize: Int
  /// For each input of the graph, the field of the rows that it is fed with.
  private let feeds: [Int?]

  /// - Parameters:
  ///   - others: fields that the rows must hold beside those that the value is computed from.
  ///   - computesAll: whether the value's others are computed too.
  /// Throws: what does not fit, what the checkpoint lacks, what is wrong with the rows.
  init(
    _ model: TrainedModel, _ value: NamedValue, besides others: [DataField] = [],
    computesAll: Bool = false, rows source: RowSource, threads: Int
  ) throws {
    self.value = value
    shape = try value.rowShape
    let computed = computesAll ? value.others : []
    var shapes: [Shape] = []
    for other in computed { shapes.append(try value.graph.rowShape(of: other.source)) }
    otherShapes = shapes
    let read = try value.neededFields(among: model.fields)
    rows = try model.rows(
      source, holding: read + others.filter { other in !read.contains { $0.name == other.name } })
    let pipeline = rows.pipeline
    batchSize = model.batchSize
    let sizes = Set(parts(of: pipeline.count, each: batchSize).map(\.count))
    inference = try Inference(
      model, value.graph, fetching: [value.source] + computed.map(\.source), sizes: sizes,
      threads: threads)
    feeds = value.fields.map { field in
      pipeline.fields.firstIndex { $0.name == field?.name }
    }
  }

  var pipeline: Pipeline { rows.pipeline }

  /// Computes all rows in their order; `body` sees each batch with its values, [rows, ...].
  func forEachBatch(_ body: (Batch, View<Float>) throws -> Void) throws {
    try forEachBatchOfAll { try body($0, $1[0]) }
  }

  /// The same with the values of the others behind that of the value.
  func forEachBatchOfAll(_ body: (Batch, [View<Float>]) throws -> Void) throws {
    let sequence = BatchSequence(count: pipeline.count, batchSize: batchSize, shuffledBy: nil)
    let batches = Prefetcher(pipeline, sequence, until: 1, isTraining: false)
    while let batch = try batches.next() {
      defer { batch.release() }
      let values = inference.forward(rows: batch.count) { input, view in
        guard let field = feeds[input] else { return }
        view.copy(from: batch.pointers[field])
      }
      try body(batch, values)
    }
  }
}
