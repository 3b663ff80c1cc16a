import ArgumentParser
import Datasets
import Formats
import Foundation
import Settings
import Training

/// `dlcli pca`: principal components as a checkpoint.
struct Components: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    commandName: "pca",
    abstract: "Compute principal components of the training data, as a checkpoint.",
    discussion: """
      The checkpoint is that of a model of two linear networks, "encoder" and "decoder", so eval, encode and reconstruct work on \
      it as on any other. Prints the share of the variance that the components have, and the mean over the rows of the squared \
      error, summed over a row, on every split of the data.

      Whether a linear network found the same subspace by training: the principal angles between the components and the directions that \
      a kernel, here of its last layer, spans, of which the largest is printed, in degrees:
        dlcli pca linear.json --components 30 --output runs/pca --compare runs/linear --parameter dense_1/kernel
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

  @Option(
    help: ArgumentHelp(
      "Also print the largest angle between the components and what a kernel of this checkpoint spans.",
      valueName: "checkpoint"), completion: .file())
  var compare: String?

  @Option(help: "The kernel: the name of a parameter of that checkpoint.")
  var parameter: String?

  @OptionGroup var settings: ConfigurationOptions

  @Option(name: .customLong("output"), help: "The folder of the run that the checkpoint is put in.")
  var folder: String

  @Flag(help: "Begin anew in a folder that holds a run, which is then lost.")
  var overwrite = false

  @Flag(help: "Print JSON for other programs.")
  var json = false

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if components < 1 { throw ValidationError("--components is at least 1, got \(components)") }
    if (compare == nil) != (parameter == nil) {
      throw ValidationError(
        "--compare names a checkpoint and --parameter a kernel in it: give both")
    }
  }

  func run() throws {
    let analysis = try ComponentAnalysis(
      config, field: field, overrides: settings.overrides,
      environment: ProcessInfo.processInfo.environment)
    Notes.tell(analysis.notes)
    let run = RunFolder(folder)
    let compared = try compare.map { try Checkpoint(RunFolder.checkpoint(at: $0)) }
    let found = try analysis.run(
      components: components, isWhitened: whiten, folder: run, overwrites: overwrite,
      threads: computing.threads)
    var errors: [(split: Split, value: Double)] = []
    for split in Split.allCases {
      if let value = try ComponentAnalysis.squaredError(run.last, split, threads: computing.threads)
      {
        errors.append((split, value))
      }
    }
    let angles: [Double]? =
      if let compared, let parameter { try found.angles(toward: parameter, in: compared) } else {
        nil
      }
    try StandardOutput.print(
      json
        ? Self.json(found, errors, angles).text(indented: true) : Self.text(found, errors, angles))
  }

  private static func text(
    _ components: PrincipalComponents, _ errors: [(split: Split, value: Double)],
    _ angles: [Double]?
  ) -> String {
    let share = components.ratios.reduce(0, +)
    return TextTable(
      columns: ["components", "\(components.count)"],
      rows: [["explained variance ratio", ResultText.text(share)]]
        + errors.map { ["squared error a row, \($0.split.rawValue)", ResultText.text($0.value)] }
        + (angles?.last.map { [["largest principal angle, degrees", ResultText.text($0)]] } ?? [])
    ).description
  }

  private static func json(
    _ components: PrincipalComponents, _ errors: [(split: Split, value: Double)],
    _ angles: [Double]?
  ) -> JSON {
    var members: [JSON.Member] = [
      .init("components", components.count.json),
      .init("variances", numbers(components.variances)),
      .init("explained_variance_ratios", numbers(components.ratios)),
      .init(
        "squared_error",
        JSON(.object(errors.map { .init($0.split.rawValue, JSON(.number($0.value))) }))),
    ]
    if let angles { members.append(.init("principal_angles", numbers(angles))) }
    return JSON(.object(members))
  }

  private static func numbers(_ values: [Double]) -> JSON {
    JSON(.array(values.map { JSON(.number($0)) }))
  }
}
