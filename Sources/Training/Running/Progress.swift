import Datasets
import Settings

/// Where a run stands: all that a resumed run must know beside tensors, exactly as it was.
struct Progress: Configurable, Sendable {
  var stage = 0
  var epoch = 0
  var batch = 0
  /// Updates since the beginning of the run.
  var step = 0
  /// Updates since the beginning of the stage.
  var stageStep = 0
  /// Rows trained on in this epoch.
  var epochRows = 0
  /// The sum over those rows of every loss, by name.
  var lossSums: [String: Double] = [:]
  /// What each objective's learning rate has seen.
  var learningRates: [Plateau] = []
  /// What early stopping has seen.
  var stopping = Plateau()
  /// What the choice of the best checkpoint has seen.
  var best = Plateau()
  /// The results of the last validation that metrics on other data ask for.
  var validated: [String: Double] = [:]
  var isFinished = false

  static let fields: [Field<Progress>] = [
    Field("stage", \.stage, .atLeast(0), "Stage, from 0"),
    Field("epoch", \.epoch, .atLeast(0), "Epoch of the stage, from 0"),
    Field("batch", \.batch, .atLeast(0), "Next batch of the epoch, from 0"),
    Field("step", \.step, .atLeast(0), "Updates since the run began"),
    Field("stage_step", \.stageStep, .atLeast(0), "Updates since the stage began"),
    Field("epoch_rows", \.epochRows, .atLeast(0), "Rows of this epoch that were trained on"),
    Field("loss_sums", \.lossSums, "Sums of the losses over those rows"),
    Field("learning_rates", \.learningRates, "What the learning rates have seen"),
    Field("stopping", \.stopping, "What early stopping has seen"),
    Field("best", \.best, "What the choice of the best checkpoint has seen"),
    Field(
      "validated", \.validated, "Results of the last validation that other metrics ask for"),
    Field("finished", \.isFinished, "Whether the run is over"),
  ]

  var position: BatchPosition {
    get { BatchPosition(epoch: epoch, batch: batch) }
    set { (epoch, batch) = (newValue.epoch, newValue.batch) }
  }

  /// The beginning of the next stage.
  mutating func enterNextStage() {
    stage += 1
    position = BatchPosition()
    stageStep = 0
    (epochRows, lossSums) = (0, [:])
    learningRates = []
    stopping = Plateau()
    // Results of different losses cannot be compared: the best checkpoint is that of the last stage.
    best = Plateau()
    validated = [:]
  }
}
