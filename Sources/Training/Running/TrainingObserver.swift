public import Formats

/// Who is told what a trainer does: logs, the progress bar, tests.
public protocol TrainingObserver: AnyObject {
  /// A stage begins or goes on, at `progress` of `total` steps.
  func stageBegan(_ stage: StageFacts)
  /// A step is done.
  func stepEnded(_ step: StepFacts)
  /// An epoch is done: the means of its training losses.
  func epochEnded(_ facts: ResultFacts)
  /// A split was evaluated.
  func evaluated(_ facts: ResultFacts)
  /// Samples were made.
  func sampled(_ facts: SampleFacts)
  /// Something that people should know.
  func note(_ message: String)
}

extension TrainingObserver {
  public func sampled(_ facts: SampleFacts) {}
}

/// A stage, as it begins or is resumed.
public struct StageFacts: Sendable {
  public let name: String
  public let number: Int
  public let count: Int
  public let epochs: Int
  public let stepsPerEpoch: Int
  public let totalSteps: Int
  /// Steps of the stage that are done already.
  public let stepsDone: Int
  /// Single steps are logged every so many.
  public let logEverySteps: Int
}

/// A step, as it ends.
public struct StepFacts: Sendable {
  /// Of the run, from 1.
  public let step: Int
  /// Of the stage, from 1.
  public let epoch: Int
  /// Of the epoch, from 1.
  public let stepOfEpoch: Int
  public let rows: Int
  /// By name; those of several objectives have the objective's name in front.
  public let losses: [(name: String, value: Double)]
  public let learningRates: [(name: String, value: Double)]
}

/// Results of an epoch or an evaluation.
public struct ResultFacts: Sendable {
  public let split: String
  /// Steps of the run so far.
  public let step: Int
  public let epoch: Int
  public let results: [MetricResult]
}

/// A picture of samples.
public struct SampleFacts: Sendable {
  /// The network or layer that made them.
  public let name: String
  /// Steps of the run so far.
  public let step: Int
  public let epoch: Int
  public let picture: RasterImage
}
