public import Datasets
import Settings
import TensorCore

/// A checkpoint brought to life to be evaluated.
public final class Evaluation {
  public let experiment: Experiment
  public let data: OpenData
  private let pipeline: Pipeline
  private let evaluator: Evaluator

  /// Opens a split of the data that the checkpoint's document names and takes the weights that count: the moving average
  /// where training kept one.
  ///
  /// Throws: what is wrong with the data, of which rows may hold no class where one is read, or where the checkpoint
  /// does not fit its own document.
  public init(
    _ checkpoint: Checkpoint, experiment: Experiment, split: Split, threads: Int
  ) throws {
    self.experiment = experiment
    guard let spec = experiment.data else {
      throw Problems(Problem("\"data\" is missing", at: experiment.place))
    }
    data = try spec.open([split], seed: experiment.seed)
    pipeline = try experiment.pipeline(split, of: data)
    let stage = try experiment.stage(of: checkpoint)
    let objectives = try Objective.all(
      of: stage, networks: experiment.networks, fields: data.fields)
    try objectives.checkClassNumbers(of: pipeline, split)
    let shapes = try Evaluator.sequence(pipeline, stage.settings, objectives).shapes
    let engine = try Engine(
      [objectives], shapes: [([], shapes)],
      fields: data.fields, seed: experiment.seed, threads: threads)
    try checkpoint.restoreEvaluated(
      engine.store, isAveraged: stage.settings.average != nil)
    let known = split == .validation ? nil : checkpoint.progress.validated
    evaluator = Evaluator(
      engine: engine, stage: 0, objectives: try objectives.told(known), settings: stage.settings)
  }

  /// Evaluates the split.
  public func run() throws -> EvaluationOutcome { try evaluator.evaluate(pipeline) }
}
