import Compilation
import Datasets
import GraphIR
import Settings

/// What can be known of a run before its first step.
extension Trainer {
  /// Looks for everything that would stop the run later, and for what is asked of it that it could never do; a
  /// rehearsal and a run look alike.
  ///
  /// Throws: `Problems`, all of them at once; where there are none, `FormatError` for the first row that holds no class
  /// where one is read.
  func check() throws {
    guard !isChecked else { return }
    var problems = Problems()
    checkPatterns(&problems)
    checkNetworks(&problems)
    for (number, stage) in experiment.stages.enumerated() {
      do throws(Problems) {
        try checkRows(of: number)
      } catch { problems.add(error) }
      do throws(Problems) {
        try checkResults(of: number)
      } catch { problems.add(error) }
      checkWeights(of: stage, &problems)
      stages[number].last?.graph.checkClassNames(of: data.fields, &problems)
      checkInitialization(of: number, &problems)
      do {
        try checkSamples(of: number)
      } catch let error as Problems { problems.add(error) }
    }
    try problems.unique.throwIfAny()
    try checkRowsOfClasses()
    isChecked = true
  }

  /// Looks through the rows for numbers that are to be classes and are none.
  private func checkRowsOfClasses() throws {
    for number in stages.indices {
      try stages[number].checkClassNumbers(of: rows(of: number), .train)
      guard batchLimit == nil else { continue }
      for split in [Split.validation, .test] {
        if let rows = data[split] { try stages[number].checkClassNumbers(of: rows, split) }
      }
    }
  }

  /// Reports patterns of parameters that fit none.
  private func checkPatterns(_ problems: inout Problems) {
    let names = engine.store.parameters.map(\.name)
    for stage in experiment.stages {
      // Where a layer has averages alone, they are what is frozen of it.
      stage.settings.freeze.check(among: engine.store.tensors.map(\.name), &problems)
      stage.settings.initialize?.parameters?.check(among: names, &problems)
      for objective in stage.objectives {
        objective.minimization.update.check(among: names, &problems)
        objective.minimization.undecayed.check(among: names, &problems)
        objective.minimization.regularization?.parameters.check(among: names, &problems)
      }
    }
  }

  /// Throws: `Problems` where an epoch of a stage has no batch.
  private func checkRows(of number: Int) throws(Problems) {
    let sequence = try sequence(of: number)
    guard sequence.batches == 0 else { return }
    let stage = experiment.stages[number]
    let size = stage.settings.batchSize
    let reason =
      switch (sequence.count, sequence.continues) {
      case (0, _): ""
      case (_, true):
        ", fewer than one batch of \(size), and stateful layers take whole batches alone"
      case (_, false):
        ", fewer than one batch of \(size), and \"drop_remainder\" leaves out what is no whole batch"
      }
    throw Problems(
      stage.problem(
        "the training data have \(sequence.count) rows\(reason): nothing would be trained",
        at: "batch_size"))
  }

  /// Throws: `Problems` with every metric of a stage that does not suit what it measures, and with everything that asks
  /// for a result of the validation that there is not.
  private func checkResults(of number: Int) throws(Problems) {
    for split in [Split.validation, .test] {
      guard batchLimit == nil, let rows = data[split], rows.count == 0 else { continue }
      throw Problems(
        Problem(
          "the \(split.rawValue) data have no rows", path: "data.\(split.rawValue)",
          at: experiment.dataPlace))
    }
    let (stage, objectives) = (experiment.stages[number], stages[number])
    func names(
      _ objectives: [Objective]
    ) throws(Problems) -> (results: [String], details: [String]) {
      try Evaluator(
        engine: engine, stage: number, objectives: objectives, settings: stage.settings
      ).names()
    }
    // Those that ask for a result of the validation are measured of other data alone, but must suit these too.
    let all = try names(objectives)
    let known = try names(objectives.told(nil)).results
    var problems = Problems()
    // Equivalent names that are not the same are those of different classes.
    let same = Dictionary(grouping: all.results + all.details) { Array($0.utf8) }.values
      .filter { $0.count > 1 }
    for name in same.map({ $0[0] }).sorted() {
      problems.add(
        Problems(
          stage.problem(
            "two results are called \"\(name)\"; a \"name\" of its own tells a metric from others",
            at: "metrics")))
    }
    do throws(Problems) {
      try objectives.checkWanted(among: known)
    } catch { problems.add(error) }
    if !isValidated, stage.settings.validateEverySteps != nil {
      problems.add(
        Problems(stage.problem("there are no validation data", at: "validate_every_steps")))
    }
    for watch in watches(of: stage) {
      guard isValidated else {
        problems.add(
          "there are no validation data, whose \"\(watch.name)\" \(watch.purpose)",
          path: watch.path, at: watch.place)
        continue
      }
      guard known.contains(watch.name) else {
        problems.add(
          "no result is called \"\(watch.name)\"" + suggestion(for: watch.name, among: known),
          path: watch.path, at: watch.place)
        continue
      }
      if !watch.knowsBetter, better(watch.name, of: objectives) == nil {
        problems.add(
          "\"\(watch.name)\" is to be looked at: nobody knows which way it is better",
          path: watch.path, at: watch.place)
      }
    }
    try problems.throwIfAny()
  }

  /// Whether anything is validated.
  private var isValidated: Bool { batchLimit != nil || data[.validation] != nil }

  /// Something that a result of the validation decides.
  private struct Watch {
    let name: String
    /// What the result does: `says when to stop`.
    let purpose: String
    let path: String
    let place: Place?
    /// Whether its settings say which way the result is better.
    var knowsBetter = false
  }

  private func watches(of stage: Experiment.Stage) -> [Watch] {
    func watch(
      _ name: PlacedName, _ purpose: String, _ fallback: Problem, knowsBetter: Bool = false
    ) -> Watch {
      // A name that stands in no file is that of a default.
      name.keys.isEmpty
        ? Watch(
          name: name.text, purpose: purpose, path: fallback.path, place: fallback.place,
          knowsBetter: knowsBetter)
        : Watch(
          name: name.text, purpose: purpose, path: name.keys, place: name.place,
          knowsBetter: knowsBetter)
    }
    var watches: [Watch] = []
    if let stopping = stage.settings.earlyStopping {
      watches.append(
        watch(
          stopping.metric, "would say when to stop",
          stage.problem("", at: "early_stopping", "metric")))
    }
    if let best = stage.settings.checkpoint.metric {
      watches.append(
        watch(
          best, "would say which checkpoint is best", stage.problem("", at: "checkpoint", "best")))
    }
    for (number, objective) in stage.objectives.enumerated() {
      if let watched = objective.minimization.optimizer.value.learningRate.schedule.watched {
        watches.append(
          watch(
            watched, "would say when the learning rate falls",
            stage.problem("", of: number, at: "optimizer", "learning_rate", "metric"),
            knowsBetter: true))
      }
    }
    return watches
  }

  /// What people should know of a stage before it begins, and is no mistake.
  func notes(of number: Int) -> [String] {
    (stages[number].last?.graph.classNotes(of: data.fields) ?? [])
      + notesOfSingleNumbers(in: number) + notesOfParts(in: number) + notesOfUpdates(in: number)
  }

  /// Which objectives change nothing, so that their steps are for nothing.
  private func notesOfUpdates(in number: Int) -> [String] {
    // Where there is no batch there is no plan either, which `checkRows` says.
    guard !engine.trainingSessions(stage: number).isEmpty else { return [] }
    return stages[number].enumerated().compactMap { index, objective in
      guard engine.trainedParameters(stage: number, objective: index).isEmpty else { return nil }
      let names = objective.losses.map { "\"\(objective.prefix + $0.name)\"" }
      return "nothing is trained: no parameter is updated that "
        + "\(names.joined(separator: ", ")) follows from"
    }
  }

  /// Which layers take statistics of a part of a batch instead of the whole, so that its gradients are others.
  private func notesOfParts(in number: Int) -> [String] {
    let settings = experiment.stages[number].settings
    guard settings.accumulation > 1,
      let (batch, bound) = engine.trainingSessions(stage: number).max(by: { $0.batch < $1.batch })
    else { return [] }
    let plan = bound.session.plan
    let nodes = plan.steps.filter { $0.direction == .forward }
      .map { plan.shaped.graph.nodes[$0.node] }
    let names = nodes.filter {
      ($0.layer as? any BatchStatisticsLayer)?.takesBatchStatistics ?? false
    }.map(\.name)
    guard let first = names.first else { return [] }
    let others = names.count > 1 ? " and \(names.count - 1) other layer(s)" : ""
    return [
      "\"\(first)\"\(others): the statistics are those of a part of \(batch.rows) rows each, for "
        + "\"gradient_accumulation\" is \(settings.accumulation), and not of the batch of "
        + "\(settings.batchSize): a batch computed as a whole has other gradients"
    ]
  }

  private func notesOfSingleNumbers(in number: Int) -> [String] {
    for (batch, bound) in engine.trainingSessions(stage: number) {
      let plan = bound.session.plan
      for step in plan.steps where step.direction == .forward {
        let node = plan.shaped.graph.nodes[step.node]
        let shapes = node.inputs.map(plan.shaped.shape)
        guard let layer = node.layer as? any BatchStatisticsLayer,
          layer.hasSingleNumbers(in: shapes)
        else { continue }
        let isRest = experiment.stages[number].settings.partSize > batch.rows
        return [
          "there are batches of \(batch.rows) row(s), of which \"\(node.name)\" takes the statistics of single "
            + "numbers: they teach nothing and pull its averages astray"
            + (isRest ? "; \"drop_remainder\" leaves them out" : "")
        ]
      }
    }
    return []
  }

  /// Reports weights of losses that wait for results, which none is told.
  private func checkWeights(of stage: Experiment.Stage, _ problems: inout Problems) {
    for objective in stage.objectives {
      for (name, weight) in objective.own.minimize.sorted(by: { $0.key < $1.key }) {
        guard let watched = weight.schedule.watched else { continue }
        problems.add(
          "the weight of the loss \"\(name)\" cannot follow \"\(watched.text)\": results of the validation change "
            + "learning rates alone", path: watched.keys.isEmpty ? stage.path : watched.keys,
          at: watched.place ?? stage.place)
      }
    }
  }
}
