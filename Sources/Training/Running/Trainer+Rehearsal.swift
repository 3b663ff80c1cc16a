import Compilation
import Datasets
import TensorCore

extension Trainer {
  /// Looks at everything that can be known before the first step, reads one batch and computes every objective of every
  /// stage on it, as the first step would; trains nothing.
  ///
  /// Returns what a run would do, for people. Throws: whatever would stop the run at its first step.
  public func rehearse() throws -> String {
    try check()
    // The later stages begin with what the earlier ones learn, which nobody knows yet.
    try initialize()
    let report = try DataReport(data)
    var lines = ["training data: \(training.count) rows"]
    lines += (report.lines + report.notes).map { "  \($0)" }
    lines.append("parameters: \(engine.store.parameterCount)")
    for (number, objectives) in stages.enumerated() {
      let settings = experiment.stages[number].settings
      let sequence = try sequence(of: number)
      let steps = settings.steps(of: sequence.batches)
      lines.append(
        "stage \(experiment.stages[number].name): \(steps) steps, \(sequence.batches) an epoch")
      lines += notes(of: number).map { "  \($0)" }
      let batches = Prefetcher(rows(of: number), sequence, until: 1, isTraining: true)
      guard let batch = try batches.next() else { continue }
      let part = batch.shape.parts(each: settings.partSize)[0]
      let bound = engine.session(
        Engine.Key(stage: number, evaluated: nil, batch: part))
      for (index, objective) in objectives.enumerated() {
        bound.feeds[index].feed(batch, from: 0, pool: engine.context.pool)
        keepingStates(of: bound.session) {
          // Averages that nothing has moved yet say nothing of the rows.
          (engine.context.isTraining, engine.context.step) = (true, 0)
          bound.session.forward(phase: index)
        }
        for loss in objective.losses {
          let value = bound.session.value(loss.source)?[0] ?? .nan
          guard value.isFinite else {
            throw TrainingStop.nonFinite(
              step: 1, NonFiniteValue("the loss \"\(objective.prefix)\(loss.name)\"", Double(value))
            )
          }
          lines.append("  \(objective.prefix)\(loss.name) before training: \(value)")
        }
      }
      batch.release()
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Runs `body` and takes back what it does to the states of layers and to what they carry.
  private func keepingStates(of session: Session<Float>, _ body: () -> Void) {
    let store = engine.store
    let states = store.states.map { store.stateValues.view(at: $0.offset, $0.specification.shape) }
    let before = states.map(\.elements)
    body()
    for (state, values) in zip(states, before) { state.copy(from: values) }
    session.clearCarried()
    engine.context.isTraining = false
  }
}
