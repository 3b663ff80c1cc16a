import Datasets
import Settings

extension Trainer {
  /// Evaluates the validation data, keeps the checkpoint if it is the best; whether it is time to stop early.
  ///
  /// - Parameter trained: the rows that training uses, which stand for the validation where batches are limited.
  func validate(epoch: Int, _ trained: Pipeline) throws -> Bool {
    guard let pipeline = batchLimit == nil ? data[.validation] : trained else { return false }
    let outcome = try evaluate(pipeline, objectives.told(nil))
    tellUndefined(in: outcome)
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

  /// Computes the losses of a batch with the weights that the last step left, where no validation has: a step may leave
  /// weights that are finite and too large for any prediction to be.
  ///
  /// Throws: `TrainingStop` where one is not finite.
  func checkLosses() throws {
    guard batchLimit == nil, data[.validation] == nil, progress.stageStep > 0 else { return }
    _ = try evaluate(
      rows(of: progress.stage), objectives.map { $0.measuring([]) }, batches: 1)
  }

  /// Evaluates rows with the weights that count: the moving average where there is one.
  private func evaluate(
    _ pipeline: Pipeline, _ objectives: [Objective], batches limit: Int = .max
  ) throws -> EvaluationOutcome {
    let evaluator = Evaluator(
      engine: engine, stage: progress.stage, objectives: objectives, settings: settings)
    runner?.average?.swap(with: engine.store)
    defer { runner?.average?.swap(with: engine.store) }
    do {
      return try evaluator.evaluate(pipeline, batches: limit)
    } catch let value as NonFiniteValue {
      throw TrainingStop.nonFinite(step: progress.step, value)
    }
  }

  /// Says once of each result that the validation data do not decide it.
  private func tellUndefined(in outcome: EvaluationOutcome) {
    for (name, value) in outcome.summary where value.isNaN {
      if undefinedResults.insert(name).inserted {
        observer?.note(
          "the validation data do not decide \"\(name)\": it counts as neither better nor worse")
      }
    }
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
