import Compilation
public import Datasets
import GraphIR
import Settings

/// Weights together with the document that describes them: what is needed to compute something with them.
public struct TrainedModel: Sendable {
  /// Where the weights are.
  enum Weights: Sendable {
    case checkpoint(Checkpoint)
    /// Those of a run at this moment.
    case store(ParameterStore<Float>)
  }

  let weights: Weights
  /// Where the rows come from, with what was learnt of them.
  let data: DataSpec?
  public let experiment: Experiment
  /// What the rows hold that it was trained on.
  public let fields: [DataField]
  /// The objectives of the stage in which the checkpoint was written.
  public let objectives: [Objective]
  let stage: Experiment.Stage

  /// - Parameter experiment: the checkpoint's own, perhaps with settings replaced.
  /// Throws: `Problems` where the document describes no training, and what is wrong with the data where the checkpoint
  /// does not say what their rows hold.
  public init(_ checkpoint: Checkpoint, experiment: Experiment) throws {
    (weights, self.experiment) = (.checkpoint(checkpoint), experiment)
    data = experiment.data
    stage = try experiment.stage(of: checkpoint)
    fields =
      try checkpoint.fields ?? experiment.data?.open(seed: experiment.seed).fields ?? []
    objectives = try Objective.all(of: stage, networks: experiment.networks, fields: fields)
  }

  /// A model in training.
  init(
    _ store: ParameterStore<Float>, _ stage: Experiment.Stage, _ objectives: [Objective],
    of experiment: Experiment, data: OpenData
  ) {
    (weights, self.experiment, self.data) = (.store(store), experiment, data.fitted)
    fields = data.fields
    (self.objectives, self.stage) = (objectives, stage)
  }

  /// Copies the weights that count to where they are wanted.
  ///
  /// Throws: `FormatError` for a checkpoint that lacks some, `Problems` for a run that trains none of these.
  func restore(_ wanted: ParameterStore<Float>) throws {
    switch weights {
    case .checkpoint(let checkpoint):
      try checkpoint.restoreEvaluated(wanted, isAveraged: stage.settings.average != nil)
    case .store(let store):
      let known = Dictionary(uniqueKeysWithValues: store.tensors.map { ($0.name, $0.view) })
      for (name, view) in wanted.tensors {
        guard let source = known[name], source.shape == view.shape else {
          throw Problems(Problem("\"\(name)\" is no part of what this run trains"))
        }
        view.copy(from: source.base)
      }
    }
  }

  /// The graph of all objectives.
  var graph: Graph { objectives.last?.graph ?? Graph() }

  /// How many rows are computed at a time: as many as in training.
  var batchSize: Int { stage.settings.partSize }
}

extension Experiment {
  /// The stage in which a checkpoint was written.
  ///
  /// Throws: `Problems` where there is none.
  func stage(of checkpoint: Checkpoint) throws(Problems) -> Stage {
    guard let last = stages.last else {
      throw Problems(Problem("\"training\" is missing", at: place))
    }
    return checkpoint.progress.stage < stages.count ? stages[checkpoint.progress.stage] : last
  }
}
