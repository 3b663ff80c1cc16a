import ArgumentParser
import Datasets
import ModelSpec
import Training

/// A checkpoint, with settings of its configuration replaced.
struct CheckpointOptions: ParsableArguments {
  @Argument(
    help: """
      A checkpoint, or the folder of a run, whose best checkpoint is taken. Of one trained with moving_average the \
      averages of the weights count.
      """,
    completion: .file())
  var checkpoint: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Replace a setting of the checkpoint, such as where its data are: --set data.test.images=new.gz. A path in it is relative to the working directory.",
      valueName: "path=value"))
  var overrides: [String] = []

  /// The file that holds the weights.
  var file: String { RunFolder.checkpoint(at: checkpoint) }

  /// Opens the checkpoint and reads its document.
  func load() throws -> (checkpoint: Checkpoint, experiment: Experiment) {
    let file = try Checkpoint(file)
    return (file, try Experiment(file.document.overridden(by: overrides)))
  }

  func loadModel() throws -> TrainedModel {
    let (checkpoint, experiment) = try load()
    return try TrainedModel(checkpoint, experiment: experiment)
  }
}

/// The rows that a checkpoint is applied to.
struct RowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which part of the checkpoint's data: train, validation, test. The test data where there are any."
    ))
  var split: Split?

  @Option(
    help: ArgumentHelp(
      """
      Other rows instead, from a file like those that the data were read from, without labels: a table with the \
      columns of the features (CSV, TSV, JSON lines), a series, a text a line (/dev/stdin too), a WAV, PNG or JPEG \
      file or a folder of these and of folders; for any model an IDX or NPY file, gzipped or not, or pictures. The \
      settings of the data's reader hold, and its transforms are applied.
      """,
      valueName: "path"), completion: .file())
  var input: String?

  func validate() throws {
    if split != nil, input != nil {
      throw ValidationError("--split names rows of the data and --input other ones: choose one")
    }
  }

  var source: RowSource { input.map(RowSource.file) ?? .split(split) }
}

/// Which value of a model is meant.
struct ValueOptions: ParsableArguments {
  @Option(
    help:
      "Compute a layer instead, by its name in the network or in an objective; NAME:1 is its second output."
  )
  var layer: String?

  @Option(
    help:
      "Compute the output of a network instead, by its name in the model; NAME/OUTPUT, or NAME:1, is one of several."
  )
  var network: String?

  func validate() throws {
    if layer != nil, network != nil {
      throw ValidationError("--layer and --network both say what is computed: choose one")
    }
  }

  var choice: ValueChoice {
    layer.map(ValueChoice.layer) ?? network.map(ValueChoice.network) ?? .prediction
  }
}
