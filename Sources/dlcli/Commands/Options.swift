import ArgumentParser
import Formats
import Foundation
import ModelSpec
import Training

/// Options of every command that reads a configuration.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Replace a setting: --set training.epochs=3. May stand several times.",
      valueName: "path=value"
    ))
  var overrides: [String] = []

  func load(_ path: String) throws -> Experiment {
    try Experiment.load(
      path, overrides: overrides, environment: ProcessInfo.processInfo.environment)
  }
}

/// What of the machine a command that computes uses.
struct ComputingOptions: ParsableArguments {
  @Option(help: "How many threads work; the results are the same bits for any number.")
  var threads: Int = Machine.threads

  @Option(
    help: ArgumentHelp(
      "The widest vectors that are used: v4 (AVX-512), v3 (AVX2) or baseline; by default DLCLI_VECTORS or all that the processor has.",
      valueName: "level"))
  var vectors: String?

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is from 1 to 1024, got \(threads)")
    }
  }
}

/// A command that computes.
protocol Computing {
  var computing: ComputingOptions { get }
}

/// How every command writes.
struct OutputOptions: ParsableArguments {
  @Option(
    help: "Colour what goes to standard error; auto asks NO_COLOR, FORCE_COLOR and the terminal.")
  var color = Terminal.ColorChoice.auto
}

extension Terminal.ColorChoice: ExpressibleByArgument {}

/// A command that lets its user choose on colours.
protocol Coloring {
  var output: OutputOptions { get }
}

/// How a command tells what it does.
struct LoggingOptions: ParsableArguments {
  /// The format of what goes to standard error.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Flag(help: "Say nothing but what is wrong.")
  var quiet = false

  @Option(help: "How progress is told on standard error.")
  var logFormat = Format.text

  /// Whether a command line asks for JSON, even where it is wrong otherwise.
  static func asksForJSON(_ arguments: some Sequence<String>) -> Bool {
    let arguments = Array(arguments.prefix { $0 != "--" })
    return arguments.contains("--log-format=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--log-format" && $1 == "json" }
  }

  /// A reporter that writes to standard error.
  func makeReporter() -> ProgressReporter {
    let terminal = Terminal.current()
    let style: ProgressReporter.Style =
      quiet
      ? .silent
      : logFormat == .json
        ? .json : terminal.redraws ? .bar { Terminal.currentWidth } : .lines
    return ProgressReporter(style) { StandardError.write($0) }
  }
}
