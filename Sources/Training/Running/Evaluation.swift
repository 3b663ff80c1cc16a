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
  /// Throws: what is wrong with the data, or where the checkpoint does not fit its own document.
  public init(
    _ checkpoint: Checkpoint, experiment: Experiment, split: Split, threads: Int
  ) throws {
    self.experiment = experiment
    guard let spec = experiment.data else {
      throw Problems(Problem("\"data\" is missing", at: experiment.place))
    }
    data = try spec.open([split], seed: experiment.seed)
    guard let pipeline = data[split] else {
      let known = Split.allCases.filter { spec[$0] != nil }.map(\.rawValue)
      throw Problems(
        Problem(
          "the data have no split \"\(split.rawValue)\"; they have "
            + known.joined(separator: ", "), path: "data", at: experiment.dataPlace))
    }
    self.pipeline = pipeline
    let number = min(checkpoint.progress.stage, experiment.stages.count - 1)
    guard number >= 0 else {
      throw Problems(Problem("\"training\" is missing", at: experiment.place))
    }
    let stage = experiment.stages[number]
    let objectives = try Objective.all(
      of: stage, networks: experiment.networks, fields: data.fields)
    let size = stage.settings.partSize
    let engine = try Engine(
      [objectives],
      sizes: [([], Set(parts(of: pipeline.count, each: size).map(\.count)))],
      fields: data.fields, seed: experiment.seed, threads: threads)
    let averaged = stage.settings.average != nil
    let parameters = Set(engine.store.parameters.map(\.name))
    try checkpoint.restore(
      engine.store.tensors.map { tensor in
        averaged && parameters.contains(tensor.name)
          ? (Checkpoint.averagePrefix + tensor.name, tensor.view) : tensor
      })
    evaluator = Evaluator(engine: engine, stage: 0, objectives: objectives, size: size)
  }

  /// Evaluates the split.
  public func run() throws -> EvaluationOutcome { try evaluator.evaluate(pipeline) }
}
