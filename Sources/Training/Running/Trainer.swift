import Compilation
public import Datasets
import Foundation
import GraphIR
import Kernels
public import Settings
import TensorCore

/// Why training ended before its end.
public enum TrainingStop: Error, Sendable, Equatable {
  /// Asked to, by a signal or the clock; a checkpoint was written.
  case interrupted(step: Int)
  /// What was computed is not a finite number: a loss, a weight, what a metric measures.
  case nonFinite(step: Int, NonFiniteValue)
}

/// What asks a run to stop or to save, looked at after every step.
public struct TrainingRequests: Sendable {
  /// Whether to write a checkpoint and stop.
  public var stops: @Sendable () -> Bool
  /// Whether to write a checkpoint and go on; asking takes the request.
  public var saves: @Sendable () -> Bool

  public init(
    stops: @escaping @Sendable () -> Bool = { false },
    saves: @escaping @Sendable () -> Bool = { false }
  ) {
    self.stops = stops
    self.saves = saves
  }
}

/// Runs the stages of an experiment: batches through objectives, evaluations, checkpoints.
///
/// It knows no task: what is minimized is said by the objectives' graphs. Everything that it does follows from the
/// experiment and `Progress`, so a run that was killed and resumed ends in the same bits.
public final class Trainer {
  public let experiment: Experiment
  public let engine: Engine
  let data: OpenData
  let training: Pipeline
  let stages: [[Objective]]
  let folder: RunFolder?
  var progress = Progress()
  var runner: StageRunner?
  weak var observer: (any TrainingObserver)?
  private let requests: TrainingRequests
  /// Train on these first batches of each epoch only.
  let batchLimit: Int?
  /// Whether everything was looked at that can be known before the first step.
  var isChecked = false
  /// The results that were told to be undefined, which is said once of each.
  var undefinedResults: Set<String> = []

  /// Plans and reserves everything; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - folder: where checkpoints go; nil keeps none.
  ///   - batchLimit: use only so many batches of each epoch, unshuffled and evaluated on themselves: a model that is right
  ///     must be able to learn them by heart.
  /// Throws: `Problems` where the experiment does not fit the data; what else can be known before the first step,
  /// `check` says.
  public init(
    _ experiment: Experiment, data: OpenData, folder: RunFolder?, threads: Int,
    batchLimit: Int? = nil, requests: TrainingRequests = TrainingRequests(),
    observer: (any TrainingObserver)? = nil
  ) throws(Problems) {
    guard let training = data[.train] else {
      throw Problems(
        Problem(
          "\"train\" is missing: the rows to learn from", path: "data", at: experiment.dataPlace))
    }
    (self.experiment, self.data, self.folder) = (experiment, data, folder)
    self.training = training
    (self.requests, self.observer, self.batchLimit) = (requests, observer, batchLimit)
    var problems = Problems()
    var stages: [[Objective]] = []
    for stage in experiment.stages {
      do throws(Problems) {
        stages.append(
          try Objective.all(of: stage, networks: experiment.networks, fields: data.fields))
      } catch { problems.add(error) }
    }
    try problems.throwIfAny()
    self.stages = stages
    let evaluated = batchLimit == nil ? data[.validation] : nil
    var shapes: [(training: Set<BatchShape>, evaluation: Set<BatchShape>)] = []
    for (stage, objectives) in zip(experiment.stages, stages) {
      let rows = Self.limited(training, to: batchLimit, stage)
      let trained = try Self.sequence(rows, stage, objectives, shuffledBy: nil).shapes
      let seen = try Evaluator.sequence(evaluated ?? rows, stage.settings, objectives).shapes
      shapes.append((Set(trained.flatMap { $0.parts(each: stage.settings.partSize) }), seen))
    }
    engine = try Engine(
      stages, shapes: shapes,
      counting: Set(
        experiment.stages.indices.filter { experiment.stages[$0].settings.accumulation > 1 }),
      averaging: Set(
        experiment.stages.indices.filter { experiment.stages[$0].settings.average != nil }),
      fields: data.fields, seed: experiment.seed, threads: threads)
    engine.store.initialize(seed: experiment.seed, pool: engine.context.pool)
  }

  /// The batches that a stage trains on, in the order of its epochs where rows are shuffled.
  func sequence(of number: Int) throws(Problems) -> BatchSequence {
    try Self.sequence(
      rows(of: number), experiment.stages[number], stages[number],
      shuffledBy: batchLimit == nil ? experiment.seed : nil)
  }

  /// The rows that a stage trains on.
  func rows(of number: Int) -> Pipeline {
    Self.limited(training, to: batchLimit, experiment.stages[number])
  }

  /// The batches that a stage trains on.
  ///
  /// Throws: settings that do not go with layers that carry something from batch to batch.
  static func sequence(
    _ rows: Pipeline, _ stage: Experiment.Stage, _ objectives: [Objective],
    shuffledBy seed: UInt64?
  ) throws(Problems) -> BatchSequence {
    let settings = stage.settings
    let buckets = settings.lengthBuckets.flatMap { LengthBuckets($0, of: rows) }
    let carries = try objectives.last?.carries(batch: settings.partSize) ?? false
    if carries, settings.accumulation > 1 || objectives.contains(where: { $0.steps > 1 }) {
      throw Problems(
        Problem(
          "stateful layers go on from batch to batch, so each must be computed once and as a whole: without "
            + "\"gradient_accumulation\" and without \"steps\" of an objective",
          path: stage.path, at: stage.place))
    }
    if settings.lengthBuckets != nil, carries || buckets == nil {
      throw Problems(
        Problem(
          carries
            ? "stateful layers go on from batch to batch, so rows cannot come in the order of their lengths"
            : "no field of the data is padded, so all rows have one length",
          path: path(stage.path, "length_buckets"), at: stage.place))
    }
    return BatchSequence(
      count: rows.count, batchSize: settings.batchSize,
      shuffledBy: settings.shuffle ? seed : nil,
      dropsRemainder: settings.dropRemainder || carries, continues: carries, buckets: buckets)
  }

  /// The first rows alone, where only so many batches of an epoch are used.
  private static func limited(
    _ rows: Pipeline, to batches: Int?, _ stage: Experiment.Stage
  ) -> Pipeline {
    batches.map { batches in
      let (count, overflows) = batches.multipliedReportingOverflow(by: stage.settings.batchSize)
      return overflows ? rows : rows.prefix(count)
    } ?? rows
  }

  /// Continues where a checkpoint of this experiment stood.
  public func resume(from checkpoint: Checkpoint) throws {
    progress = checkpoint.progress
    try checkpoint.restore(engine.store.tensors)
    // At the beginning of a stage there is no state yet.
    guard !progress.isFinished, progress.stageStep > 0 else { return }
    let runner = makeRunner()
    try checkpoint.restore(runner.tensors)
    for (updater, plateau) in zip(runner.updaters, progress.learningRates) {
      updater.learningRate.plateau = plateau
    }
  }

  /// Trains to the end, or throws `TrainingStop`; `Problems` before the first step where `check` finds any.
  public func run() throws {
    try check()
    while !progress.isFinished {
      if progress.stageStep == 0 {
        try initialize()
        makeRunner()
        // Whatever happens from here on, there is something to continue from.
        if progress.step == 0 { try save() }
      }
      try runStage()
      try checkLosses()
      if progress.stage + 1 < stages.count {
        progress.enterNextStage()
        runner = nil
      } else {
        progress.isFinished = true
      }
      try save()
    }
  }

  var stage: Experiment.Stage { experiment.stages[progress.stage] }
  var settings: StageSettings { stage.settings }
  var objectives: [Objective] { stages[progress.stage] }

  /// New optimizers for the stage at hand.
  @discardableResult
  private func makeRunner() -> StageRunner {
    let runner = StageRunner(progress.stage, settings, objectives, engine: engine)
    self.runner = runner
    return runner
  }

  private func runStage() throws {
    let rows = rows(of: progress.stage)
    let sequence = try sequence(of: progress.stage)
    let epochs = settings.epochs(of: sequence.batches)
    let total = settings.steps(of: sequence.batches)
    observer?.stageBegan(
      StageFacts(
        name: stage.name, number: progress.stage + 1, count: stages.count, epochs: epochs,
        stepsPerEpoch: sequence.batches, totalSteps: total, stepsDone: progress.stageStep,
        logEverySteps: settings.logEverySteps))
    for note in notes(of: progress.stage) { observer?.note(note) }
    let batches = Prefetcher(
      rows, sequence, from: progress.position, until: epochs, isTraining: true)
    while progress.stageStep < total, let batch = try batches.next() {
      let clock = TrainingClock(
        step: progress.stageStep, stepsPerEpoch: sequence.batches, totalSteps: total)
      try train(on: batch, at: clock)
      let endsEpoch = batch.position.batch + 1 == sequence.batches
      progress.position = sequence.position(after: batch.position)
      let epoch = batch.position.epoch + 1
      batch.release()
      let isDone = progress.stageStep == total
      if endsEpoch || isDone { reportEpoch(epoch) }
      let validates =
        settings.validateEverySteps.map { progress.stageStep % $0 == 0 || isDone }
        ?? (endsEpoch || isDone)
      if endsEpoch || validates { try checkFinite() }
      let stops = validates ? try validate(epoch: epoch, rows) : false
      if endsEpoch || isDone { try sampleIfDue(epoch: epoch, isLast: isDone || stops) }
      try saveIfDue(isEnd: endsEpoch && !isDone)
      if stops {
        observer?.note(
          "stopped early: no better \(settings.earlyStopping?.metric.text ?? "") lately")
        return
      }
      if requests.stops(), !isDone {
        try save()
        throw TrainingStop.interrupted(step: progress.step)
      }
    }
  }

  /// One step on one batch, and what it says of itself. It allocates nothing, nor does the way to the next step.
  private func train(on batch: Batch, at clock: TrainingClock) throws {
    guard let runner else { return }
    if batch.position.batch == 0 { runner.clearCarried() }
    try runner.step(on: batch.shape, number: progress.step, at: clock) {
      $0.feed(batch, from: $1.lowerBound, pool: engine.context.pool)
    }
    for loss in runner.losses {
      progress.lossSums[loss.name, default: 0] += loss.value * Double(batch.count)
    }
    progress.step += 1
    progress.stageStep += 1
    progress.epochRows += batch.count
    observer?.stepEnded(
      StepFacts(
        step: progress.step, epoch: batch.position.epoch + 1, stepOfEpoch: batch.position.batch + 1,
        rows: batch.count, losses: runner.losses, learningRates: runner.learningRates))
  }

  private func reportEpoch(_ epoch: Int) {
    let rows = Double(max(1, progress.epochRows))
    observer?.epochEnded(
      ResultFacts(
        split: "train", step: progress.step, epoch: epoch,
        results: progress.lossSums.sorted { $0.key < $1.key }.map {
          MetricResult($0.key, $0.value / rows)
        }))
    progress.epochRows = 0
    progress.lossSums.removeAll(keepingCapacity: true)
  }

  private func saveIfDue(isEnd: Bool) throws {
    guard let folder else { return }
    let isDue = settings.checkpoint.everySteps.map { progress.step % $0 == 0 } ?? false
    if isDue, settings.checkpoint.keepSteps { try save(as: folder.checkpoint(step: progress.step)) }
    if isEnd || isDue || requests.saves() { try save() }
  }

  /// Throws: `TrainingStop` for weights that are not finite, whose update no loss has told of yet.
  private func checkFinite() throws(TrainingStop) {
    for (name, view) in engine.store.tensors
    where !Reduction.isFinite(view.base, count: view.count, pool: engine.context.pool) {
      guard let index = (0..<view.count).first(where: { !view[$0].isFinite }) else { continue }
      throw .nonFinite(
        step: progress.step, NonFiniteValue("a number of \"\(name)\"", Double(view[index])))
    }
  }

  /// Writes the last checkpoint.
  func save() throws {
    if let folder { try save(as: folder.last) }
  }

  func save(as path: String) throws {
    try checkFinite()
    try Checkpoint.write(
      path, document: experiment.document(fitted: data.fitted), progress: progress,
      fields: data.fields, tensors: engine.store.tensors + (runner?.tensors ?? []))
  }
}

extension ParameterStore where S == Float {
  /// All parameters and states by name.
  package var tensors: [(name: String, view: View<Float>)] {
    parameters.map { ($0.name, values.view(at: $0.offset, $0.specification.shape)) }
      + states.map { ($0.name, stateValues.view(at: $0.offset, $0.specification.shape)) }
  }
}
