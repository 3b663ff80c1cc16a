public import Datasets
import Formats
import Foundation
import Kernels
import Settings

/// A training run in its folder: the trainer with its logs, the summary at the end, and the way back into a run.
public final class TrainingRun {
  /// How a run begins.
  public enum Start: Sendable {
    /// In a folder that holds no run.
    case fresh
    /// From the last checkpoint; from the beginning where there is none yet.
    case resume
    /// From the beginning; the run that was in the folder is lost.
    case anew
  }

  private let experiment: Experiment
  private let data: OpenData
  private let folder: RunFolder
  private let start: Start
  private let reporter: ProgressReporter
  private let requests: TrainingRequests
  private let observers: [any TrainingObserver]

  /// - Parameter observers: who is told beside the run's log and the reporter.
  public init(
    _ experiment: Experiment, data: OpenData, folder: RunFolder, start: Start,
    reporter: ProgressReporter, requests: TrainingRequests,
    observers: [any TrainingObserver] = []
  ) {
    (self.experiment, self.data, self.folder) = (experiment, data, folder)
    (self.start, self.reporter, self.requests) = (start, reporter, requests)
    self.observers = observers
  }

  /// Trains to the end; what it found is in the folder, whether it ends or throws.
  ///
  /// Whatever is wrong with the experiment is found before anything is made or forgotten in the folder.
  /// Throws: `FormatError` where the folder holds a run already, `Problems`, or `TrainingStop`.
  public func execute(threads: Int, batchLimit: Int? = nil) throws {
    let began = ContinuousClock.now
    try checkFolder()
    // A run that cannot be trained writes nothing, and takes no other's place.
    let trainer = try Trainer(
      experiment, data: data, folder: folder, threads: threads, batchLimit: batchLimit,
      requests: requests)
    try trainer.check()
    let report = try DataReport(data)
    let lock = try folder.lock()
    defer { withExtendedLifetime(lock) {} }
    let checkpoint = try prepareFolder(for: trainer)
    let log = try RunLog(folder, resumedAt: checkpoint?.progress.step ?? 0)
    // The trainer holds its observer weakly; this one lives as long as the run.
    let observers = Observers([log, reporter] + observers)
    trainer.observer = observers
    reporter.report(report)
    if let checkpoint {
      reporter.note("continuing at step \(checkpoint.progress.step)")
      try trainer.resume(from: checkpoint)
    }
    defer { reporter.finish() }
    var status = "finished"
    do {
      try trainer.run()
    } catch let stop as TrainingStop {
      status = stop.status
      try writeSummary(trainer, report, status, began, threads)
      throw stop
    }
    if let failure = log.failure { throw failure }
    try writeSummary(trainer, report, status, began, threads)
    withExtendedLifetime(observers) {}
  }

  /// Throws: `FormatError` where the run would begin in a folder that holds another, or write to what is of no run.
  private func checkFolder() throws(FormatError) {
    try folder.checkNamesAreFree()
    guard start == .fresh, folder.isUsed else { return }
    throw FormatError(
      .cannotCreate, file: folder.path,
      "holds a run already: --resume continues it, --overwrite forgets it, --output takes another folder"
    )
  }

  /// The files that the run reads, but for what its own stages write.
  private func inputs(of trainer: Trainer) -> [String] {
    let initial = experiment.stages.enumerated().flatMap { number, stage in
      [stage.settings.initialize?.checkpoint, stage.settings.initialize?.vectors]
        .compactMap(\.self).filter { number == 0 || !trainer.isWrittenByRun($0) }
    }
    return data.files.map(\.path) + initial.map { RunFolder.checkpoint(at: $0.resolved) }
  }

  /// Makes the folder, and finds the checkpoint to continue from.
  private func prepareFolder(for trainer: Trainer) throws -> Checkpoint? {
    // Another process may have begun here before the lock was taken.
    try checkFolder()
    if start == .anew { try folder.clear(readBy: inputs(of: trainer)) }
    let resolved = experiment.resolved ?? experiment.document
    let text = resolved.text(indented: true) + "\n"
    guard start == .resume, folder.hasCheckpoint else {
      try AtomicFile.write(folder.resolvedConfiguration, text)
      return nil
    }
    let checkpoint = try Checkpoint(folder.last)
    guard checkpoint.isOf(experiment.document(fitted: data.fitted)) else {
      throw FormatError(
        .badData, file: folder.last,
        "belongs to another configuration than the one to resume; --output takes another folder")
    }
    return checkpoint
  }

  private func writeSummary(
    _ trainer: Trainer, _ report: DataReport, _ status: String,
    _ began: ContinuousClock.Instant, _ threads: Int
  ) throws(FormatError) {
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let files = data.files.map { file -> JSON in
      ["path": file.path.json, "size": file.size.json, "sha256": file.sha256.json]
    }
    var members: [JSON.Member] = [
      .init("name", experiment.name.json), .init("status", status.json),
      .init("steps", trainer.progress.step.json),
      .init("parameters", trainer.engine.store.parameterCount.json),
      .init("seed", Int(experiment.seed).json), .init("threads", threads.json),
      .init("cores", ProcessInfo.processInfo.activeProcessorCount.json),
      .init("vectors", VectorLevel.current.rawValue.json), .init("products", Engines.float32.json),
      .init("seconds", JSON(.number(seconds))),
      .init("dlcli", Version.number.json), .init("data", JSON(.array(files))),
      .init("splits", report.json), .init("notes", (data.notes + report.notes).json),
    ]
    if let best = trainer.progress.best.best {
      members.append(.init("best", JSON(.number(best))))
    }
    try AtomicFile.write(
      folder.summary, JSON(.object(members)).text(indented: true) + "\n")
  }
}

extension TrainingStop {
  /// One word for the summary.
  fileprivate var status: String {
    switch self {
    case .interrupted: "interrupted"
    case .nonFinite: "diverged"
    }
  }
}
