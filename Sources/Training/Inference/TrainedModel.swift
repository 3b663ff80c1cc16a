public import Datasets
import GraphIR
import Settings

/// A checkpoint together with what its document says: what is needed to compute something with it.
public struct TrainedModel: Sendable {
  public let checkpoint: Checkpoint
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
    (self.checkpoint, self.experiment) = (checkpoint, experiment)
    stage = try experiment.stage(of: checkpoint)
    fields =
      try checkpoint.fields ?? experiment.data?.open(seed: experiment.seed).fields ?? []
    objectives = try Objective.all(of: stage, networks: experiment.networks, fields: fields)
  }

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
