import ArgumentParser
import Formats
import Settings
import Training

/// `dlcli predict`: what a checkpoint says of rows.
struct Predict: ParsableCommand, Coloring, Computing {
  static let configuration = CommandConfiguration(
    abstract: "Print what a checkpoint predicts, a line of JSON for each row.",
    discussion: """
      A classifier's lines have "class" (and "name", where classes have names) and "probability"; those of any other \
      network have "output", the numbers of the network. Predicted columns of a table are in the units of the file, \
      whatever the data's reader and transforms made of them, and "values" has them by their names; --layer and \
      --network give numbers as the network has them. All outputs of a network that has several are in "outputs", \
      all predictions of a model with several losses in \
      "predictions". Where the rows hold the truth, "label" is it.
      """)

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var value: ValueOptions

  @Option(help: "Also tell the so many most probable classes.")
  var top = 1

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top is at least 1, got \(top)") }
  }

  func run() throws {
    let prediction = try Prediction(
      try checkpoint.loadModel(), value.choice, rows: rows.source, top: top,
      threads: computing.threads)
    Notes.tell(prediction.notes)
    var lines = StandardOutput()
    try prediction.forEachRow { try lines.write($0.text() + "\n") }
    try lines.flush()
  }
}
