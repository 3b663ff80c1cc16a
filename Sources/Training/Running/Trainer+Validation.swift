import Datasets
import Settings

extension Trainer {
  /// Evaluates the validation data, keeps the checkpoint if it is the best; whether it is time to stop early.
  ///
  /// - Parameter trained: the rows that training uses, which stand for the validation where batches are limited.
  func validate(epoch: Int, _ trained: Pipeline) throws -> Bool {
    guard let pipeline = batchLimit == nil ? data[.validation] : trained else { return false }
    let outcome = try evaluate(pipeline)
    progress.validated = try objectives.wanted(of: outcome)
    observer?.evaluated(
      ResultFacts(
        split: "validation", step: progress.step, epoch: epoch,
        results: outcome.results))
    let results = Dictionary(outcome.results.map { ($0.name, $0.value) }) { first, _ in first }
    for updater in runner?.updaters ?? [] { updater.learningRate.observe(results) }
    progress.learningRates = runner?.updaters.map(\.learningRate.plateau) ?? []
    try keepIfBest(outcome)
    guard let stopping = settings.earlyStopping else { return false }
    progress.stopping.observe(
      try value(of: stopping.metric, in: outcome, at: "early_stopping.metric"),
      Better.known(for: stopping.metric) ?? .lower, minimumDelta: stopping.minimumChange)
    return progress.stopping.hasWaited(stopping.patience)
  }

  /// Evaluates rows with the weights that count: the moving average where there is one.
  private func evaluate(_ pipeline: Pipeline) throws -> EvaluationOutcome {
    let evaluator = Evaluator(
      engine: engine, stage: progress.stage, objectives: try objectives.told(nil),
      settings: settings)
    runner?.average?.swap(with: engine.store)
    defer { runner?.average?.swap(with: engine.store) }
    return try evaluator.evaluate(pipeline)
  }

  private func keepIfBest(_ outcome: EvaluationOutcome) throws {
    guard let folder else { return }
    let losses = objectives.flatMap { objective in
      objective.losses.map { objective.prefix + $0.name }
    }
    let measured = outcome.summary.map(\.name).first { !losses.contains($0) }
    guard let name = settings.checkpoint.metric ?? measured ?? losses.first else { return }
    let value = try value(of: name, in: outcome, at: "checkpoint.best")
    if progress.best.observe(value, Better.known(for: name) ?? .lower) { try save(as: folder.best) }
  }

  private func value(
    of name: String, in outcome: EvaluationOutcome, at key: String
  ) throws(Problems) -> Double {
    if let value = outcome[name] { return value }
    throw Problems(
      Problem(
        "no result is called \"\(name)\""
          + suggestion(for: name, among: outcome.results.map(\.name)),
        path: path(stage.path, key), at: stage.place))
  }
}
