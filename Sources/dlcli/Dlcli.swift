import ArgumentParser
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
    Signals.unblock()
    var color = Terminal.ColorChoice.auto
    do {
      try VectorLimit.apply()
      var command = try parseAsRoot()
      if let computing = (command as? any Computing)?.computing {
        try VectorLimit.apply(computing.vectors)
      }
      color = (command as? any Coloring)?.output.color ?? .auto
      try command.run()
    } catch let failure {
      Failure(failure).exit(Terminal.current(color: color))
    }
  }
}
