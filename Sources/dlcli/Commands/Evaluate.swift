import ArgumentParser
import Datasets
import Formats
import Foundation
import ModelSpec
import Settings
import Training

/// `dlcli eval`: the losses and metrics of a checkpoint on a split of its data.
struct Evaluate: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a checkpoint on the data that its configuration names.")

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var computing: ComputingOptions

  @Option(
    help: "Which part of the data: train, validation, test. The test data where there are any.")
  var split: Split?

  @Option(help: ArgumentHelp("Exit with 1 where a result is worse.", valueName: "metric=value"))
  var failUnder: [Threshold] = []

  @Flag(help: "Print JSON for other programs.")
  var json = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let (file, experiment) = try checkpoint.load()
    guard let split = split ?? experiment.data?.reportedSplit else {
      throw Problems(Problem("\"data\" is missing", at: experiment.place))
    }
    let evaluation = try Evaluation(
      file, experiment: experiment, split: split, threads: computing.threads)
    Notes.tell(evaluation.data.notes)
    let outcome = try evaluation.run()
    try StandardOutput.print(
      json
        ? EvaluationText.json(outcome, split).text(indented: true) + "\n"
        : EvaluationText.text(outcome, split, columns: Terminal.outputWidth), terminator: "")
    GitHub.append(
      TextTable(
        title: "\(experiment.name): \(split.rawValue)", columns: ["result", "value"],
        rows: outcome.summary.map { [$0.name, ResultText.text($0.value)] }
      ).markdown)
    for threshold in failUnder { try threshold.check(outcome) }
  }
}

extension Split: ExpressibleByArgument {}

/// A result and the worst value that passes: `accuracy=0.99`.
struct Threshold: ExpressibleByArgument {
  let name: String
  let value: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let value = Double(parts[1]), value.isFinite else { return nil }
    (name, self.value) = (String(parts[0]), value)
  }

  func check(_ outcome: EvaluationOutcome) throws {
    try check(
      outcome[name], among: outcome.results.map(\.name),
      better: Better.known(for: name) ?? .higher)
  }

  /// - Parameters:
  ///   - result: that of this name.
  ///   - names: of all results.
  /// Throws: exit code 1 where the result is worse, 64 where there is none.
  func check(_ result: Double?, among names: [String], better: Better) throws {
    guard let result else {
      throw Failure(
        64,
        "--fail-under: no result is called \"\(name)\"" + suggestion(for: name, among: names))
    }
    guard result == value || better.improves(result, on: value) else {
      throw Failure(1, "\(name) is \(result), worse than \(value)")
    }
  }
}
