import Compilation
import GraphIR
import Settings
import TensorCore

/// Runs a graph forward with the weights of a trained model, as evaluation does: nothing is dropped or drawn.
final class Inference {
  /// Held because the sessions only point into it.
  private let store: ParameterStore<Float>
  private let arena: Arena<Float>
  private let context: StepContext
  private let sources: [Graph.Source]
  private let sessions: [Int: Session<Float>]
  private var number = 0

  /// - Parameters:
  ///   - sizes: the numbers of rows that `forward` will be asked for.
  /// Throws: what does not fit, and which weights are lacking.
  init(
    _ model: TrainedModel, _ graph: Graph, fetching sources: [Graph.Source],
    sizes: Set<Int>, threads: Int
  ) throws {
    var plans: [Plan] = []
    for size in sizes.sorted(by: >) {
      plans.append(try Plan.compile(graph, batch: size, fetched: sources))
    }
    let store = try ParameterStore<Float>(for: plans)
    try model.restore(store)
    let context = StepContext(pool: WorkerPool(threads: threads), seed: model.experiment.seed)
    let arena = Arena<Float>(count: plans.map(\.arenaCount).max() ?? 0)
    sessions = Dictionary(
      uniqueKeysWithValues: plans.map {
        ($0.batch, Session($0, store: store, arena: arena, context: context))
      })
    (self.store, self.arena, self.context, self.sources) = (store, arena, context, sources)
  }

  /// Computes the values of some rows, [rows, ...] each; they stay until the next call.
  ///
  /// - Parameter feed: writes the rows of an input, given by its number in the graph.
  func forward(rows: Int, feed: (Int, View<Float>) throws -> Void) rethrows -> [View<Float>] {
    guard let session = sessions[rows] else { preconditionFailure("no plan for \(rows) rows") }
    context.isTraining = false
    context.step = number
    number += 1
    for input in session.plan.shaped.graph.inputs.indices {
      if let view = session.value(.input(input)) { try feed(input, view) }
    }
    // Rows stand by themselves here.
    session.clearCarried()
    session.forward()
    return sources.compactMap(session.value)
  }
}

extension Checkpoint {
  /// Copies the weights that count: the moving average where training kept one.
  ///
  /// Throws: `FormatError` with every tensor that is missing or has another shape.
  func restoreEvaluated(_ store: ParameterStore<Float>, isAveraged: Bool) throws {
    let parameters = Set(store.parameters.map(\.name))
    try restore(
      store.tensors.map { tensor in
        isAveraged && parameters.contains(tensor.name)
          ? (Self.averagePrefix + tensor.name, tensor.view) : tensor
      })
  }
}
