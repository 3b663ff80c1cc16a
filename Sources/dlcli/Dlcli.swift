import ArgumentParser
import Training

/// The command line: parses, calls, prints; everything else is below.
@main
struct Dlcli: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dlcli",
    abstract: "Trains, evaluates and explains neural networks that JSON files describe.",
    version: VersionText.text,
    subcommands: [
      Train.self, Evaluate.self, Summary.self, Schema.self, Layers.self,
    ])

  static func main() {
    Signals.unblock()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure {
      Failure(failure).exit()
    }
  }
}
