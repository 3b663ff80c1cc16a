public import Datasets
public import Settings
public import TensorCore

/// How good predictions are, in a number that people compare.
///
/// The settings are a value; each evaluation makes an accumulator for the shapes at hand and adds batches to it. What
/// comes out depends on the samples and their order alone, never on how they were batched.
public protocol Metric: Variant {
  /// Which way its results are better; nil where they are only to be looked at.
  static var better: Better? { get }

  /// Whether it compares predictions with a target; else it looks at a prediction alone, which is its target too.
  static var comparesWithTarget: Bool { get }

  /// Whether a result of this name is one of this metric's.
  static func gives(_ result: String) -> Bool

  /// The result of the validation data that it must be told before it can be computed; nil for most.
  var wanted: PlacedName? { get }

  /// Itself with that result.
  func told(_ value: Double) -> Self

  /// An empty accumulator for batches of these shapes, the batch axis first; `classNames` may be empty.
  ///
  /// Throws: `MetricError` where prediction and target do not fit, saying what was expected and what came.
  func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator
}

extension Metric {
  public static var comparesWithTarget: Bool { true }

  public var wanted: PlacedName? { nil }

  public func told(_ value: Double) -> Self { self }

  public static func gives(_ result: String) -> Bool {
    result == type || result == "\(type)_macro" || result.hasPrefix("\(type)/")
  }
}

/// What an evaluation has counted so far.
public protocol MetricAccumulator: Sendable {
  /// Takes the first `samples` entries of a batch, whose memory is as the shapes said.
  ///
  /// Throws: `MetricError` for a target that is no class and for a prediction that is not a number.
  mutating func add(
    prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
  ) throws(MetricError)

  /// Takes batches of these shapes from now on: of sequences that are longer or shorter.
  ///
  /// Throws: `MetricError` where what was counted cannot be compared with that of other shapes.
  mutating func reshape(prediction: Shape, target: Shape) throws(MetricError)

  /// The results, always the same names in the same order; NaN for what no sample decides.
  func results() -> [MetricResult]

  /// A table that says more than numbers can; nil for most.
  func table() -> TextTable?

  /// What the table says, for programs.
  func json() -> JSON?
}

extension MetricAccumulator {
  public func table() -> TextTable? { nil }

  public func json() -> JSON? { nil }

  public mutating func reshape(prediction: Shape, target: Shape) throws(MetricError) {
    throw MetricError(
      "this metric is of rows that all have one shape, but batches have predictions \(prediction) among others"
    )
  }
}

/// One number of a metric.
public struct MetricResult: Sendable, Equatable {
  /// `accuracy`, `top_5_accuracy`, `f1_macro`, `f1/cat`.
  public let name: String
  public let value: Double
  /// Whether it is about one class only: for tables and files, too much for a line.
  public let isPerClass: Bool

  public init(_ name: String, _ value: Double, isPerClass: Bool = false) {
    self.name = name
    self.value = value
    self.isPerClass = isPerClass
  }
}

/// Why a metric cannot be computed.
public struct MetricError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// The kinds of metric, sorted by name.
public let metricRegistry = Registry<any Metric>(
  "metric",
  [
    Accuracy.self, BestF1.self, ClassShare.self, ConfusionMatrix.self, F1.self,
    FrechetDistance.self, InactiveShare.self, MeanAbsoluteError.self,
    MeanAbsoluteScaledError.self, MeanActivation.self, MeanSquaredError.self, Perplexity.self,
    Precision.self, PSNR.self, Quantile.self, Recall.self, ROCAUC.self, SequenceAccuracy.self,
    SquaredErrorPerRow.self, SSIM.self, SymmetricMeanAbsolutePercentageError.self,
    TopKAccuracy.self,
  ])
