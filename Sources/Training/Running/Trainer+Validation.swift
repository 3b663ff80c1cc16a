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
    let name = stopping.metric.text
    // `check` has found it among the results.
    if let value = outcome[name] {
      progress.stopping.observe(
        value, better(name, of: objectives) ?? .lower, minimumDelta: stopping.minimumChange)
    }
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
    let losses = Self.losses(of: objectives)
    let measured = outcome.summary.map(\.name).first { !losses.contains($0) }
    guard let name = settings.checkpoint.metric?.text ?? measured ?? losses.first,
      let value = outcome[name]
    else { return }
    if progress.best.observe(value, better(name, of: objectives) ?? .lower) {
      try save(as: folder.best)
    }
  }

  /// Which way a result of a stage is better: losses are to fall, metrics say it themselves; nil for what is only to be
  /// looked at.
  func better(_ name: String, of objectives: [Objective]) -> Better? {
    Better.known(for: name) ?? (Self.losses(of: objectives).contains(name) ? .lower : nil)
  }

  /// The names of the losses among the results of a stage.
  private static func losses(of objectives: [Objective]) -> [String] {
    objectives.flatMap { objective in objective.losses.map { objective.prefix + $0.name } }
  }
}
