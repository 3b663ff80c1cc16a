import ArgumentParser
import Formats
import Kernels
import Training

/// The command line: parses, calls, prints; everything else is below.
@main
struct Dlcli: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlcli",
    abstract: "Trains, evaluates and explains neural networks that JSON files describe.",
    version: VersionText.text,
    subcommands: [
      Train.self, Evaluate.self, Predict.self, Encode.self, Reconstruct.self, Generate.self,
      Score.self, Components.self, Tokenize.self, Summary.self, Schema.self, Layers.self,
      Completion.self,
    ])

  static func main() {
    StandardStreams.prepare()
    Signals.unblock()
    var color = Terminal.ColorChoice.auto
    do {
      var command = try parse()
      color = (command as? any Coloring)?.output.color ?? .auto
      try command.run()
    } catch let failure {
      Failure(failure).exit(
        Terminal.current(color: color),
        asJSON: LoggingOptions.asksForJSON(CommandLine.arguments.dropFirst()))
    }
  }

  /// The command, with the vectors in use that it or the environment asks for; so they are before the version is told.
  private static func parse() throws -> any ParsableCommand {
    let command: any ParsableCommand
    do { command = try parseAsRoot() } catch {
      try VectorLimit.apply()
      throw error
    }
    try VectorLimit.apply((command as? any Computing)?.computing.vectors)
    return command
  }
}
