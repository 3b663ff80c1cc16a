import ArgumentParser
import Formats
import Foundation
import Kernels
import Settings
import Training

/// Times the training steps of a configuration and prints one line of JSON.
@main
struct DLBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlbench",
    abstract: "Time the training steps of a configuration on random rows in memory.")

  @Argument(
    help: "A configuration, such as those in configs/bench; with --generate a checkpoint or a run.")
  var file: String

  @Option(help: "How many threads work.")
  var threads = 2

  @Option(help: "The widest vectors that are used: v4, v3 or baseline.")
  var vectors: String?

  @Option(help: "For how long to measure.")
  var seconds = 5.0

  @Option(help: "Take this many steps and no more: how soon a process that is started has learnt.")
  var steps: Int?

  @Option(help: "Rows of a step, instead of the configuration's.")
  var batch: Int?

  @Flag(help: "Show what every layer takes instead: a table, of as many steps as --seconds allow.")
  var layers = false

  @Flag(help: "Compare the threads with one instead, and with as many independent trainings.")
  var scaling = false

  @Option(
    help: ArgumentHelp(
      "Time how a model writes so many tokens instead: step by step, against computing the text so far for each.",
      valueName: "tokens"))
  var generate: Int?

  func validate() throws {
    if let generate, generate < 8 {
      throw ValidationError("--generate is at least 8, got \(generate)")
    }
    if scaling, threads < 2 {
      throw ValidationError("--scaling compares at least 2 threads with one, got \(threads)")
    }
  }

  func run() throws {
    do { try VectorLimit.apply(vectors) } catch { throw ValidationError("\(error)") }
    if let generate { return try time(tokens: generate) }
    let experiment = try Experiment.load(
      file, environment: ProcessInfo.processInfo.environment)
    Libxsmm.prepare()
    if scaling { return try timeScaling(of: experiment) }
    let program = Self.residentMemory
    let benchmark = try Benchmark(
      experiment, batch: batch, batches: min(8, steps ?? 8), threads: threads)
    if let steps {
      for _ in 0..<steps { try benchmark.step() }
      let line: JSON = ["workload": experiment.name.json, "steps": steps.json]
      try StandardOutput.print(line.text())
      return
    }
    if layers {
      let step = try Double(benchmark.batch) / benchmark.run(seconds: 0).quantile(0.5)
      for table in try benchmark.layers(steps: max(1, Int(seconds / step))) {
        try StandardOutput.print("\(table)")
      }
      return
    }
    let result = try benchmark.run(seconds: seconds)
    let seconds = Double(benchmark.batch) / result.quantile(0.5)
    let work = Double(benchmark.plan.multiplyAdds)
    let planned = try MemorySummary(experiment, batch: batch).peak + benchmark.batchBytes
    let line: JSON = [
      "workload": experiment.name.json, "peer": "dlcli", "version": Version.number.json,
      "threads": threads.json, "batch": benchmark.batch.json, "unit": "samples/s",
      "median": result.quantile(0.5).json, "p10": result.quantile(0.1).json,
      "p90": result.quantile(0.9).json, "ms_per_step": (seconds * 1e3).json,
      "gflops": (6 * work / seconds * 1e-9).json,
      "params": benchmark.parameterCount.json,
      "macs_per_row": (benchmark.plan.multiplyAdds / benchmark.batch).json,
      "peak_rss_mib": Self.peakMemory.json,
      "planned_mib": (program + Double(planned) / 1_048_576).json,
      "chunks": result.rates.count.json,
      "steps": result.steps.json, "first_steps_s": result.firstSteps.json,
      "loss": result.loss.json,
    ]
    try StandardOutput.print(line.text())
  }

  private func timeScaling(of experiment: Experiment) throws {
    let result = try ScalingBenchmark(experiment, batch: batch, threads: threads)
      .run(seconds: seconds)
    let line: JSON = [
      "workload": experiment.name.json, "threads": threads.json, "rounds": result.rounds.json,
      "ms_per_step_alone": (result.alone.median * 1e3).json,
      "ms_per_step": (result.together.median * 1e3).json,
      "times_as_fast": json(result.threads), "independent": json(result.independent),
      "undisturbed_rounds": result.undisturbedRounds.json,
      "undisturbed": result.undisturbed.map(json) ?? JSON(.null),
    ]
    try StandardOutput.print(line.text())
  }

  private func json(_ quartiles: ScalingBenchmark.Result.Quartiles) -> JSON {
    [quartiles.lower.json, quartiles.median.json, quartiles.upper.json]
  }

  private func time(tokens: Int) throws {
    let checkpoint = try Checkpoint(RunFolder.checkpoint(at: file))
    let model = try TrainedModel(checkpoint, experiment: try Experiment(checkpoint.document))
    Libxsmm.prepare()
    let result = try GenerationBenchmark(model, threads: threads).run(tokens: tokens)
    let line: JSON = [
      "workload": model.experiment.name.json, "threads": threads.json, "tokens": tokens.json,
      "generation_s": result.generation.json, "beginnings_s": result.beginnings.json,
      "ratio": (result.beginnings / result.generation).json,
    ]
    try StandardOutput.print(line.text())
  }

  /// The resident size of the process, in MiB (proc(5), statm: pages, the second number).
  private static var residentMemory: Double {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
  }

  /// The largest resident size that the program had, in MiB (proc(5), status: VmHWM, in KiB).
  ///
  /// Not getrusage's, which begins with what the process held before it became this program.
  private static var peakMemory: Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.first.map {
      $0 / 1024
    } ?? 0
  }
}
