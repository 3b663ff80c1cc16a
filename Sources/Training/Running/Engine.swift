public import Compilation
import Datasets
public import GraphIR
import Kernels
import Settings
public import TensorCore

/// The memory of a run and the sessions that work in it: for each shape of a batch one that trains a stage, and one for
/// each objective that is evaluated.
///
/// Everything is planned before anything is reserved, so the arena has its final size from the start.
public final class Engine {
  /// Which plan, for batches of which shape: what trains a stage, or what evaluates one of its objectives.
  struct Key: Hashable {
    let stage: Int
    /// Nil for what trains.
    let evaluated: Int?
    let batch: BatchShape
    /// Whether it does no more than tell which steps count in the losses of the objective that it names.
    var counts = false
  }

  /// A field of a batch and the place where a plan reads it.
  struct Feed {
    let field: Int
    let view: View<Float>

    /// Copies rows to where the plan reads them.
    func copy(from rows: UnsafePointer<Float>, pool: WorkerPool) {
      Elementwise.copy(rows, into: view.base, count: view.count, pool: pool)
    }
  }

  /// A session and where the fields of a batch go.
  struct Bound {
    let session: Session<Float>
    /// What is written before each phase.
    let feeds: [[Feed]]
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
  ///   - shapes: those that the parts of batches have, for each stage: trained, evaluated.
  ///   - counting: the stages whose batches are computed in parts.
  ///   - averaging: the stages that keep a moving average of the parameters.
  /// Throws: what does not fit, with its place.
  init(
    _ stages: [[Objective]], shapes: [(training: Set<BatchShape>, evaluation: Set<BatchShape>)],
    counting: Set<Int> = [], averaging: Set<Int> = [], fields: [DataField], seed: UInt64,
    threads: Int
  ) throws(Problems) {
    var plans: [(key: Key, plan: Plan)] = []
    for (stage, objectives) in stages.enumerated() {
      for batch in shapes[stage].training.sorted(by: >) {
        let key = Key(stage: stage, evaluated: nil, batch: batch)
        let plan = try Self.plan(of: batch) { () throws(Problems) in
          try Objective.trainingPlan(of: objectives, batch: batch.rows, steps: batch.steps)
        }
        plans.append((key, plan))
      }
      for (number, objective) in objectives.enumerated() {
        for batch in shapes[stage].evaluation.sorted(by: >) {
          let key = Key(stage: stage, evaluated: number, batch: batch)
          let plan = try Self.plan(of: batch) { () throws(Problems) in
            try objective.evaluationPlan(batch: batch.rows, steps: batch.steps)
          }
          plans.append((key, plan))
        }
        guard counting.contains(stage) else { continue }
        for batch in shapes[stage].training.sorted(by: >) {
          guard let plan = try objective.countingPlan(batch: batch.rows, steps: batch.steps)
          else { continue }
          plans.append((Key(stage: stage, evaluated: number, batch: batch, counts: true), plan))
        }
      }
    }
    let kept = stages.indices.map { stage -> Int in
      let trained = plans.first { $0.key.stage == stage && $0.key.evaluated == nil }
      guard let plan = trained?.plan else { return 0 }
      let average = averaging.contains(stage) ? MemoryDemand.count(plan.parameters) : 0
      return stages[stage].momentCount(in: plan) + average
    }
    try MemoryDemand(
      of: plans.map(\.plan), optimizer: (kept.max() ?? 0) * MemoryLayout<Float>.stride,
      as: Float.self
    ).check()
    let store = try Self.store(for: plans)
    let context = StepContext(pool: WorkerPool(threads: threads), seed: seed)
    let arena = Arena<Float>(
      count: plans.map(\.plan.arenaCount).max() ?? 0, pool: context.pool)
    bound = Dictionary(
      uniqueKeysWithValues: plans.map { key, plan in
        let session = Session(plan, store: store, arena: arena, context: context)
        return (key, Bound(session: session, feeds: Self.feeds(of: session, fields)))
      })
    (self.store, self.context, self.arena) = (store, context, arena)
    self.plans = plans.map(\.plan)
  }

  /// Throws: `Problems` where a parameter's shape depends on the length of the sequences, which plans differ in.
  private static func store(
    for plans: [(key: Key, plan: Plan)]
  ) throws(Problems) -> ParameterStore<Float> {
    do throws(Problems) {
      return try ParameterStore(for: plans.map(\.plan))
    } catch {
      guard plans.contains(where: { $0.key.batch.steps != nil }) else { throw error }
      throw error.list.reduce(into: Problems()) {
        $0.add(
          $1.message
            + ": with \"length_buckets\" no parameter may depend on how long sequences are",
          path: $1.path, at: $1.place)
      }
    }
  }

  /// A plan; what is wrong with it says of how many steps it is.
  private static func plan(
    of batch: BatchShape, _ make: () throws(Problems) -> Plan
  ) throws(Problems) -> Plan {
    do throws(Problems) {
      return try make()
    } catch {
      guard let steps = batch.steps else { throw error }
      throw error.list.reduce(into: Problems()) {
        $0.add(
          $1.message + " (in batches of \(steps) steps, by \"length_buckets\")", path: $1.path,
          at: $1.place)
      }
    }
  }

  private static func feeds(of session: Session<Float>, _ fields: [DataField]) -> [[Feed]] {
    session.plan.phases.map { phase in
      phase.inputs.compactMap { index in
        let input = session.plan.shaped.graph.inputs[index]
        guard let field = fields.firstIndex(where: { $0.name == input.name }),
          let view = session.value(.input(index))
        else { return nil }
        return Feed(field: field, view: view)
      }
    }
  }

  /// The parameters that get a gradient from an objective.
  package func trainedParameters(stage: Int, objective: Int) -> Set<String> {
    let plan = trainingSessions(stage: stage).first?.bound.session.plan
    return plan.map { $0.differentiated(in: $0.phases[objective]) } ?? []
  }

  /// The training sessions of a stage: one for each shape that a part of a batch may have.
  func trainingSessions(stage: Int) -> [(batch: BatchShape, bound: Bound)] {
    bound.filter { $0.key.stage == stage && $0.key.evaluated == nil }
      .map { ($0.key.batch, $0.value) }
  }

  /// The graphs that evaluate an objective of a stage, one for each shape of a batch, the largest first.
  func evaluated(stage: Int, objective: Int) -> [ShapedGraph] {
    bound.filter { $0.key.stage == stage && $0.key.evaluated == objective && !$0.key.counts }
      .sorted { $0.key.batch > $1.key.batch }.map(\.value.session.plan.shaped)
  }

  /// What tells which steps count in the losses of an objective, in a part of that shape; nil where all do.
  func countingSession(stage: Int, objective: Int, batch: BatchShape) -> Bound? {
    bound[Key(stage: stage, evaluated: objective, batch: batch, counts: true)]
  }

  /// The session of a key, which was among the shapes that the engine was made for.
  func session(_ key: Key) -> Bound {
    guard let session = bound[key] else { preconditionFailure("no plan for \(key)") }
    return session
  }
}

extension [Engine.Feed] {
  /// Copies rows of a batch to where a plan reads them.
  func feed(_ batch: Batch, from row: Int, pool: WorkerPool) {
    for feed in self {
      feed.copy(
        from: batch.pointers[feed.field] + row * batch.fields[feed.field].shape.count, pool: pool)
    }
  }
}

/// The parts in which a batch is computed: equal ones, and a rest.
func parts(of rows: Int, each size: Int) -> [Range<Int>] {
  stride(from: 0, to: rows, by: size).map { $0..<min($0 + size, rows) }
}

extension BatchShape {
  /// The shapes of the parts in which a batch is computed.
  func parts(each size: Int) -> [BatchShape] {
    Training.parts(of: rows, each: size).map { BatchShape(rows: $0.count, steps: steps) }
  }
}
