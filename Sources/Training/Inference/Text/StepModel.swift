import Compilation
import Datasets
import GraphIR
import Settings
import TensorCore

/// A trained model of sequences that is asked for one step after another, and remembers the steps before.
///
/// Its rows are sequences of their own. A step costs one step: recurrent states, and keys and values of attention, stay.
final class StepModel {
  /// What the next step gives a score for each token of: V.
  let scores: Int
  /// How many rows go on side by side.
  let rows: Int
  /// How many steps a sequence can have at most; nil where there is no end.
  let limit: Int?
  /// How many steps the sequences have so far.
  private(set) var position = 0
  private let step: Session<Float>
  private let whole: Session<Float>?
  private let incremental: IncrementalGraph
  private let source: Graph.Source
  /// Held because the sessions only point into it.
  private let store: ParameterStore<Float>
  private let context: StepContext

  /// - Parameters:
  ///   - prediction: the scores [N, T, V] of what comes next.
  ///   - stepped: the input [T] of tokens.
  ///   - rows: how many sequences are asked about at a time.
  /// Throws: `Problems` where a layer cannot be run step by step, what the weights lack.
  init(
    _ model: TrainedModel, graph: Graph, prediction: Graph.Source, stepped: Int, rows: Int,
    threads: Int
  ) throws {
    let shaped = try ShapedGraph(graph, batch: rows)
    let shape = shaped.shape(of: prediction)
    guard shape.rank == 3 else {
      throw Problems(
        Problem("expected scores [N, T, V] of the next token for each step, got \(shape)"))
    }
    incremental = try IncrementalGraph(shaped, stepping: [stepped], wanted: [prediction])
    source = incremental.sources[0]
    let crossing = incremental.feeds.compactMap { feed in
      if case .whole(let source) = feed { source } else { nil }
    }
    var plans = [try Plan.compile(incremental.graph, batch: rows, fetched: [source])]
    if !crossing.isEmpty { plans.append(try Plan.compile(graph, batch: rows, fetched: crossing)) }
    let store = try ParameterStore<Float>(for: plans)
    try model.restore(store)
    let context = StepContext(pool: WorkerPool(threads: threads), seed: model.experiment.seed)
    step = Session(
      plans[0], store: store, arena: Arena(count: plans[0].arenaCount), context: context)
    whole = plans.dropFirst().first.map {
      Session($0, store: store, arena: Arena(count: $0.arenaCount), context: context)
    }
    (self.store, self.context, self.rows, scores) = (store, context, rows, shape.last)
    limit = incremental.isBounded ? shape[1] : nil
  }

  /// Begins new sequences.
  ///
  /// - Parameter feed: writes an input that does not come step by step, given by its number in the whole graph.
  func begin(feed: (Int, View<Float>) -> Void = { _, _ in }) {
    position = 0
    step.clearCarried()
    guard let whole else { return }
    for input in whole.plan.phases[0].inputs {
      if let view = whole.value(.input(input)) { feed(input, view) }
    }
    whole.forward()
    for (number, value) in incremental.feeds.enumerated() {
      guard case .whole(let source) = value, let from = whole.value(source) else { continue }
      step.value(.input(number))?.copy(from: from.base)
    }
  }

  /// Goes on by one token in each row; the scores [rows, V] of the next stay until the next call.
  func advance(_ tokens: [Int]) -> View<Float> {
    precondition(tokens.count == rows, "a token for each row")
    for (number, feed) in incremental.feeds.enumerated() {
      guard case .step = feed, let view = step.value(.input(number)) else { continue }
      for row in 0..<rows { view[row] = Float(tokens[row]) }
    }
    step.forward()
    position += 1
    guard let value = step.value(source) else {
      preconditionFailure("the plan has no memory for what it is asked for")
    }
    return value.reshaped([rows, scores])
  }

  /// Has each row go on where another one stands.
  func reorder(_ origins: [Int]) {
    for (_, view) in step.carried where view.shape.rank > 1 {
      let (before, row) = (view.elements, view.count / rows)
      for (index, origin) in origins.enumerated() where index != origin {
        for i in 0..<row { view[index * row + i] = before[origin * row + i] }
      }
    }
  }
}
