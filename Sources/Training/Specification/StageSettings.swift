public import Datasets
public import Settings

/// When to stop before the last epoch: a metric of the validation data that no longer gets better.
public struct EarlyStopping: Configurable {
  public var metric = PlacedName("loss")
  public var patience = 5
  public var minimumChange = 0.0

  public init() {}

  public static let fields: [Field<EarlyStopping>] = [
    Field("metric", \.metric, "Which metric of the validation data is watched"),
    Field(
      "patience", \.patience, .atLeast(0),
      "Stop at so many validations in a row without a better one, as Keras does; 0 means 1"),
    Field("minimum_change", \.minimumChange, .atLeast(0), "How much better counts as better"),
  ]
}

/// Which checkpoints are kept beside the last one.
public struct CheckpointSettings: Configurable {
  public var metric: PlacedName?
  public var everySteps: Int?
  public var keepSteps = false

  public init() {}

  public static let fields: [Field<CheckpointSettings>] = [
    Field(
      "best", \.metric,
      "The metric of the validation data by which the best is kept; by default the first metric"),
    Field(
      "every_steps", \.everySteps, .atLeast(1), "Also write the last checkpoint every so many steps"
    ),
    Field("keep_all", \.keepSteps, "Whether to keep those as step-N beside the last one"),
  ]
}

/// A part of a run: what is minimized, for how long, on how large batches.
///
/// A run without `stages` is one stage; with them, every stage begins with the keys that stand beside `stages`.
public struct StageSettings: Configurable {
  public var name: String?
  public var epochs: Int?
  public var steps: Int?
  public var batchSize = 32
  public var shuffle = true
  public var dropRemainder = false
  public var lengthBuckets: Int?
  public var accumulation = 1
  public var network: String?
  public var loss: JSON?
  public var objectives: JSON?
  public var metrics: [JSON] = []
  public var freeze: [NamePattern] = []
  public var initialize: Initialization?
  public var validateEverySteps: Int?
  public var logEverySteps = 50
  public var earlyStopping: EarlyStopping?
  public var checkpoint = CheckpointSettings()
  public var average: Double?
  public var samples: SampleSettings?

  public init() {}

  public static let fields: [Field<StageSettings>] = [
    Field("name", \.name, "Name in the log"),
    Field(
      "epochs", \.epochs, .atLeast(1),
      "Passes over the training data; where left out, as many as \"steps\" take, or 1"),
    Field(
      "steps", \.steps, .atLeast(0),
      "Stop after so many steps, wherever in an epoch that is; 0 only writes the initial weights"),
    Field("batch_size", \.batchSize, required: true, .atLeast(1), "Rows of a step"),
    Field(
      "shuffle", \.shuffle,
      "Whether every epoch takes the rows in an order of its own; stateful models read them in that of the file"
    ),
    Field(
      "drop_remainder", \.dropRemainder, "Whether to leave out the last, smaller batch of an epoch"),
    Field(
      "length_buckets", \.lengthBuckets, .atLeast(1),
      "Have rows of about the same length come together, in so many classes of length, so that less is computed for padding"
    ),
    Field(
      "gradient_accumulation", \.accumulation, .atLeast(1),
      "In how many parts a batch is computed, to save memory; the gradients are those of the whole, for every loss "
        + "that is a mean of rows or steps (padding not counted). Layers that take statistics of their rows take those "
        + "of a part, which a note tells; random numbers are drawn and states move for each part"),
    Field("network", \.network, "Which network \"loss\" is about, where the model has several"),
    Field(
      "loss", \.loss,
      "A loss layer with \"prediction\" (a layer) and \"target\" (a field); short for one objective"
    ),
    Field("objectives", \.objectives, "What is minimized, in turn, every step"),
    Field("metrics", \.metrics, "What is measured on the validation and test data"),
    Field("freeze", \.freeze, "Parameters that this stage leaves alone"),
    Field(
      "initialize", \.initialize,
      "Parameters to take from another checkpoint, or vectors of words from a file, first; beside \"stages\" once, "
        + "before the first of them"),
    Field(
      "validate_every_steps", \.validateEverySteps, .atLeast(1),
      "Validate every so many steps instead of every epoch"),
    Field(
      "log_every_steps", \.logEverySteps, .atLeast(1),
      "How often a single step's losses go to the run's logs, beside the means of the epochs"),
    Field("early_stopping", \.earlyStopping, "When to stop early"),
    Field("checkpoint", \.checkpoint, "Which checkpoints are kept"),
    Field(
      "moving_average", \.average, .within(0.0..<1.0),
      "Decay of an exponential moving average of the weights, which is then what is validated, and what every command "
        + "takes of a checkpoint (the tensors \"average/...\"; the weights themselves are for --resume)"
    ),
    Field(
      "samples", \.samples,
      "Pictures of what the model makes, in the run's folder and in TensorBoard"),
  ]

  /// How many epochs of so many batches there are: as many as it says, or as its steps take.
  func epochs(of batches: Int) -> Int {
    epochs ?? steps.map { max(1, $0 / max(1, batches) + ($0 % max(1, batches) > 0 ? 1 : 0)) } ?? 1
  }

  /// How many steps there are in all, where an epoch has so many batches.
  func steps(of batches: Int) -> Int {
    let (all, isTooMany) = batches.multipliedReportingOverflow(by: epochs(of: batches))
    return min(steps ?? .max, isTooMany ? .max : all)
  }

  /// Rows of a part of a batch.
  var partSize: Int { max(1, batchSize / accumulation) }

  public var contradiction: String? {
    if loss == nil, objectives == nil { return "either \"loss\" or \"objectives\" is needed" }
    if loss != nil, objectives != nil {
      return "\"loss\" is short for one objective; it cannot stand beside \"objectives\""
    }
    if batchSize % accumulation != 0 {
      return
        "batch_size \(batchSize) does not divide into \(accumulation) equal parts (gradient_accumulation)"
    }
    return nil
  }
}
