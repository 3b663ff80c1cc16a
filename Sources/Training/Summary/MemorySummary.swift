import Compilation
import Datasets
import GraphIR
import ModelSpec
public import Settings
import TensorCore

/// How much memory a run takes; data are read only where the networks do not tell what a row holds.
public struct MemorySummary: Sendable {
  /// Rows of a step.
  public let batch: Int
  /// Bytes of parameters and states.
  public let weights: Int
  /// Bytes of their gradients.
  public let gradients: Int
  /// Bytes of the optimizers' moments and the moving average.
  public let optimizer: Int
  /// Bytes of the arena: activations, their gradients, scratch.
  public let activations: Int
  /// Bytes of activations where nothing is trained.
  public let inference: Int
  /// The plans of all stages.
  public let plans: [(name: String, plan: Plan)]
  /// Whether no layer reads a field whose shape only the data tell.
  let isCertain: Bool

  /// All bytes of training.
  public var peak: Int { weights + gradients + optimizer + activations }

  /// Plans all stages of an experiment over fields of the shapes that its networks ask for.
  ///
  /// What only the data could tell, whether a target is a class or a tensor, is tried out. Throws: `Problems` where
  /// that is not enough, or where the experiment does not fit together.
  ///
  /// - Parameter rows: of a step, instead of the experiment's.
  public init(
    _ experiment: Experiment, fields known: [DataField] = [], batch rows: Int? = nil
  ) throws(Problems) {
    var plans: [(name: String, plan: Plan)] = []
    var (activations, inference, moments) = (0, 0, 0)
    var isCertain = true
    for stage in experiment.stages {
      let assumed = known.isEmpty ? try AssumedData(stage, experiment) : nil
      isCertain = isCertain && assumed?.isCertain ?? true
      let objectives =
        if let assumed { assumed.objectives } else {
          try Objective.all(of: stage, networks: experiment.networks, fields: known)
        }
      let plan = try Objective.trainingPlan(
        of: objectives, batch: rows ?? stage.settings.partSize)
      plans.append((stage.name, plan))
      activations = max(activations, plan.arenaCount)
      for objective in objectives {
        inference = max(
          inference, try objective.evaluationPlan(batch: plan.batch).arenaCount)
      }
      let store = Self.count(plans.map(\.plan))
      let average = stage.settings.average == nil ? 0 : store.parameters
      moments = max(moments, objectives.momentCount(in: plan) + average)
    }
    let store = Self.count(plans.map(\.plan))
    let size = MemoryLayout<Float>.stride
    batch = rows ?? experiment.stages.map(\.settings.batchSize).max() ?? 0
    weights = (store.parameters + store.states) * size
    gradients = store.parameters * size
    optimizer = moments * size
    self.activations = max(activations, inference) * size
    self.inference = inference * size
    (self.plans, self.isCertain) = (plans, isCertain)
  }

  /// The same, of the fields that the training data have where the networks do not tell what a row holds; of fields
  /// that suit where the files of those data are not there.
  ///
  /// Throws: `Problems` where the experiment does not fit together, and for data that cannot be read.
  public static func ofDataIfNeeded(_ experiment: Experiment) throws -> MemorySummary {
    var assumed: MemorySummary?
    var problems = Problems()
    do throws(Problems) {
      assumed = try MemorySummary(experiment)
    } catch { problems = error }
    if let assumed, assumed.isCertain || experiment.data == nil { return assumed }
    guard let spec = experiment.data else { throw problems }
    do {
      let data = try spec.open([.train], seed: experiment.seed)
      return try MemorySummary(experiment, fields: data.fields)
    } catch let missing as MissingFiles {
      if let assumed { return assumed }
      problems.add(missing.problems)
      throw problems
    }
  }

  private static func count(_ plans: [Plan]) -> (parameters: Int, states: Int) {
    (
      MemoryDemand.count(plans.flatMap(\.parameters)), MemoryDemand.count(plans.flatMap(\.states))
    )
  }
}
