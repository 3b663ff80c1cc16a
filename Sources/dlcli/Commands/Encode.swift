import ArgumentParser
import Formats
import Foundation
import Training

/// `dlcli encode`: the values of a layer for every row, in a file.
struct Encode: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    abstract: "Write the values of a layer or a network for every row to a file.",
    discussion: """
      The end of the file's name says how: .npy holds the values, [rows, ...]; .csv a line a row, with its label where there is \
      one; .safetensors the tensors "values" and "labels"; .png a picture of rows of two numbers, a point each, coloured by class.
      """)

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var value: ValueOptions
  @OptionGroup var rows: RowOptions

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("The file to write: .npy, .csv, .safetensors or .png.", valueName: "file"),
    completion: .file(extensions: ["npy", "csv", "safetensors", "png"]))
  var file: String

  @Flag(help: "Say nothing but what is wrong.")
  var quiet = false

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if Encoding.Format(of: file) == nil {
      throw ValidationError("--output ends in .npy, .csv, .safetensors or .png, got \"\(file)\"")
    }
  }

  func run() throws {
    guard let format = Encoding.Format(of: file) else { return }
    try OutputPath.check(file, isNoneOf: [checkpoint.file, rows.input])
    let encoding = try Encoding(
      try checkpoint.loadModel(), value.choice, rows: rows.source, threads: computing.threads)
    try encoding.write(file, as: format)
    if !quiet {
      Notes.tell(encoding.notes)
      let others = encoding.otherOutputs
      let text =
        "\(file): \(encoding.count) rows of \(encoding.name) \(encoding.shape)"
        + (others.isEmpty
          ? "" : ", its first output; --network takes \(others.joined(separator: ", ")) too")
        + "\n"
      StandardError.write(text)
    }
  }
}
