import ArgumentParser
import Formats
import Training

/// `dlcli schema`: what editors complete and check configurations by.
struct Schema: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema (draft-07) of a configuration or a model.")

  /// Which kind of file.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case train
    case model
  }

  @Argument(help: "train, for configurations, or model.")
  var subject = Subject.train

  @OptionGroup var output: OutputOptions

  func run() throws {
    let schema = subject == .train ? ConfigurationSchema.train : ConfigurationSchema.model
    try StandardOutput.print(schema.text(indented: true))
  }
}
