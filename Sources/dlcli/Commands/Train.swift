import ArgumentParser
import Datasets
import Formats
import Foundation
import Settings
import Training

/// `dlcli train`: runs a configuration and leaves a folder with everything it found.
struct Train: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    abstract: "Train what a configuration describes.",
    discussion: """
      The run's folder gets checkpoints, logs and a summary. SIGINT, SIGTERM and --max-time stop after the step at hand with \
      a checkpoint and exit code 75; --resume goes on from there to the same bits.
      """)

  @Argument(help: "The configuration.", completion: .file(extensions: ["json"]))
  var config: String

  @OptionGroup var settings: ConfigurationOptions
  @OptionGroup var computing: ComputingOptions
  @OptionGroup var logging: LoggingOptions

  @OptionGroup var output: OutputOptions

  @Option(name: .customLong("output"), help: "The run's folder; runs/NAME by default.")
  var folder: String?

  @Flag(help: "Continue from the last checkpoint in the folder, if there is one.")
  var resume = false

  @Flag(help: "Begin anew in a folder that holds a run, which is then lost.")
  var overwrite = false

  @Option(help: "Stop, ready to be resumed, after so long: 90s, 55m, 2h.")
  var maxTime: TimeLimit?

  @Flag(help: "Check everything, plan everything, read a batch, and train nothing.")
  var dryRun = false

  @Option(
    help:
      "Train and validate on the first so many batches only: a right model learns them by heart.")
  var overfitBatches: Int?

  func validate() throws {
    if resume, overwrite {
      throw ValidationError("--resume continues a run and --overwrite forgets it: choose one")
    }
    if let overfitBatches, overfitBatches < 1 {
      throw ValidationError("--overfit-batches is at least 1, got \(overfitBatches)")
    }
  }

  func run() throws {
    Signals.install()
    let experiment = try settings.load(config)
    guard let spec = experiment.data, !experiment.stages.isEmpty else {
      let missing = experiment.data == nil ? "data" : "training"
      throw Problems(
        Problem("\"\(missing)\" is missing, so nothing can be trained", at: experiment.place))
    }
    // A rehearsal looks at what will be evaluated too; a run leaves that to `eval`.
    let splits: Set<Split> = dryRun ? Set(Split.allCases) : [.train, .validation]
    let data = try spec.open(splits, seed: experiment.seed)
    let reporter = logging.makeReporter()
    data.notes.forEach(reporter.note)
    let runFolder = folder.map(RunFolder.init) ?? .standard(for: experiment.name)
    if dryRun {
      let trainer = try Trainer(
        experiment, data: data, folder: runFolder, threads: computing.threads,
        batchLimit: overfitBatches)
      try StandardOutput.print(
        WrappedText.text(try trainer.rehearse(), width: Terminal.outputWidth), terminator: "")
      return
    }
    let deadline = maxTime?.deadline
    let results = StepSummary()
    defer { GitHub.append(results.table(experiment.name).markdown) }
    let run = TrainingRun(
      experiment, data: data, folder: runFolder,
      start: resume ? .resume : overwrite ? .anew : .fresh, reporter: reporter,
      requests: TrainingRequests(
        stops: { Signals.stopsRequested || deadline.map { $0 <= .now } ?? false },
        saves: Signals.takeSaveRequest), observers: [results])
    try run.execute(threads: computing.threads, batchLimit: overfitBatches)
  }
}

/// How long a command may take: `90s`, `55m`, `2h`.
struct TimeLimit: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = argument.last, let factor = units[unit],
      let count = Double(argument.dropLast()), count > 0, count.isFinite
    else { return nil }
    seconds = count * factor
  }

  var deadline: ContinuousClock.Instant { .now + .seconds(seconds) }
}
