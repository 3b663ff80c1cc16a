public import Compilation
import Datasets
public import GraphIR
import Settings
public import TensorCore

/// The memory of a run and the sessions that work in it: one for each objective, direction and batch size.
///
/// Everything is planned before anything is reserved, so the arena has its final size from the start.
public final class Engine {
  /// Which plan: the objective of a stage, for training or evaluation, for so many rows.
  struct Key: Hashable {
    let stage: Int
    let objective: Int
    let batch: Int
    let isTraining: Bool
  }

  /// A session and where the fields of a batch go.
  struct Bound {
    let session: Session<Float>
    /// For each input of the graph that the plan reads: the field, and its place.
    let feeds: [(field: Int, view: View<Float>)]
  }

  public let store: ParameterStore<Float>
  public let context: StepContext
  public let plans: [Plan]
  private let arena: Arena<Float>
  private let bound: [Key: Bound]

  /// Plans, reserves and binds.
  ///
  /// - Parameters:
  ///   - stages: the objectives of each stage.
  ///   - sizes: the numbers of rows that the parts of batches have, for each stage: trained, evaluated.
  /// Throws: what does not fit, with its place.
  init(
    _ stages: [[Objective]], sizes: [(training: Set<Int>, evaluation: Set<Int>)],
    fields: [DataField], seed: UInt64, threads: Int
  ) throws(Problems) {
    var plans: [(key: Key, plan: Plan)] = []
    for (stage, objectives) in stages.enumerated() {
      for (number, objective) in objectives.enumerated() {
        for batch in sizes[stage].training.sorted(by: >) {
          let key = Key(stage: stage, objective: number, batch: batch, isTraining: true)
          plans.append((key, try objective.trainingPlan(batch: batch)))
        }
        for batch in sizes[stage].evaluation.sorted(by: >) {
          let key = Key(stage: stage, objective: number, batch: batch, isTraining: false)
          plans.append((key, try objective.evaluationPlan(batch: batch)))
        }
      }
    }
    let store = try ParameterStore<Float>(for: plans.map(\.plan))
    let context = StepContext(pool: WorkerPool(threads: threads), seed: seed)
    let arena = Arena<Float>(count: plans.map(\.plan.arenaCount).max() ?? 0)
    bound = Dictionary(
      uniqueKeysWithValues: plans.map { key, plan in
        let name = stages[key.stage][key.objective].name
        let session = Session(plan, store: store, arena: arena, context: context, name: name)
        return (key, Bound(session: session, feeds: Self.feeds(of: session, fields)))
      })
    (self.store, self.context, self.arena) = (store, context, arena)
    self.plans = plans.map(\.plan)
  }

  private static func feeds(
    of session: Session<Float>, _ fields: [DataField]
  ) -> [(field: Int, view: View<Float>)] {
    session.plan.shaped.graph.inputs.enumerated().compactMap { index, input in
      guard let field = fields.firstIndex(where: { $0.name == input.name }),
        let view = session.value(.input(index))
      else { return nil }
      return (field, view)
    }
  }

  /// The parameters that get a gradient from an objective.
  package func trainedParameters(stage: Int, objective: Int) -> Set<String> {
    let keys = bound.keys.filter {
      $0.isTraining && $0.stage == stage && $0.objective == objective
    }
    return keys.first.map { session($0).session.plan.differentiated } ?? []
  }

  /// The training sessions of an objective: one for each number of rows that a part of a batch may have.
  func trainingSessions(stage: Int, objective: Int) -> [(rows: Int, bound: Bound)] {
    bound.filter { $0.key.isTraining && $0.key.stage == stage && $0.key.objective == objective }
      .map { ($0.key.batch, $0.value) }
  }

  /// The session of a key, which was among the sizes that the engine was made for.
  func session(_ key: Key) -> Bound {
    guard let session = bound[key] else { preconditionFailure("no plan for \(key)") }
    return session
  }
}

extension Engine.Bound {
  /// Copies rows of a batch to where the plan reads them.
  func feed(_ batch: Batch, from row: Int) {
    for (field, view) in feeds {
      view.copy(from: batch.pointers[field] + row * batch.fields[field].shape.count)
    }
  }
}

/// The parts in which a batch is computed: equal ones, and a rest.
func parts(of rows: Int, each size: Int) -> [Range<Int>] {
  stride(from: 0, to: rows, by: size).map { $0..<min($0 + size, rows) }
}
