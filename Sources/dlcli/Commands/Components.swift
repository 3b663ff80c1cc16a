import ArgumentParser
import Datasets
import Foundation
import Settings
import Training

/// `dlcli pca`: principal components as a checkpoint.
struct Components: ParsableCommand, Coloring {
  static let configuration = CommandConfiguration(
    commandName: "pca",
    abstract: "Compute principal components of the training data, as a checkpoint.",
    discussion: """
      The checkpoint is that of a model of two linear networks, "encoder" and "decoder", so eval, encode and reconstruct work on \
      it as on any other. Prints the share of the variance that the components have, and the mean over the rows of the squared \
      error, summed over a row, on every split of the data.
      """)

  @Argument(
    help: "A configuration, of which only the data matter.", completion: .file(extensions: ["json"])
  )
  var config: String

  @Option(help: "How many components.")
  var components: Int

  @Flag(help: "Give every number of a code the variance 1.")
  var whiten = false

  @Option(help: "The field of the data; the first that holds no classes by default.")
  var field: String?

  @OptionGroup var settings: ConfigurationOptions

  @Option(name: .customLong("output"), help: "The folder of the run that the checkpoint is put in.")
  var folder: String

  @Flag(help: "Begin anew in a folder that holds a run, which is then lost.")
  var overwrite = false

  @Flag(help: "Print JSON for other programs.")
  var json = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if components < 1 { throw ValidationError("--components is at least 1, got \(components)") }
  }

  func run() throws {
    let analysis = try ComponentAnalysis(
      config, field: field, overrides: settings.overrides,
      environment: ProcessInfo.processInfo.environment)
    let run = RunFolder(folder)
    let found = try analysis.run(
      components: components, isWhitened: whiten, folder: run, overwrites: overwrite,
      threads: threads.threads)
    var errors: [(split: Split, value: Double)] = []
    for split in Split.allCases {
      if let value = try ComponentAnalysis.squaredError(run.last, split, threads: threads.threads) {
        errors.append((split, value))
      }
    }
    print(json ? Self.json(found, errors).text(indented: true) : Self.text(found, errors))
  }

  private static func text(
    _ components: PrincipalComponents, _ errors: [(split: Split, value: Double)]
  ) -> String {
    let share = components.ratios.reduce(0, +)
    return TextTable(
      columns: ["components", "\(components.count)"],
      rows: [["explained variance ratio", ResultText.text(share)]]
        + errors.map { ["squared error a row, \($0.split.rawValue)", ResultText.text($0.value)] }
    ).description
  }

  private static func json(
    _ components: PrincipalComponents, _ errors: [(split: Split, value: Double)]
  ) -> JSON {
    [
      "components": components.count.json,
      "variances": JSON(.array(components.variances.map { JSON(.number($0)) })),
      "explained_variance_ratios": JSON(.array(components.ratios.map { JSON(.number($0)) })),
      "squared_error": JSON(
        .object(errors.map { .init($0.split.rawValue, JSON(.number($0.value))) })),
    ]
  }
}
