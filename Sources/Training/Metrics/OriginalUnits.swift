import Datasets
import Settings
import TensorCore

/// What a metric counts once predictions and targets are back in the units of the file.
struct OriginalUnits: MetricAccumulator {
  private var accumulator: any MetricAccumulator
  private let means: [Float]
  private let deviations: [Float]
  private let predictionCount: Int
  private let targetCount: Int

  /// Throws: `MetricError` where the reader did not standardise the field, or a last axis is another than the scale's.
  init(
    _ accumulator: any MetricAccumulator, _ field: DataField?, prediction: Shape, target: Shape
  ) throws(MetricError) {
    guard let scale = field?.scale else {
      throw MetricError(
        "\"original_units\" needs a target that the reader standardised"
          + (field.map { ", which \"\($0.name)\" is not" } ?? ""))
    }
    guard prediction.last == scale.mean.count, target.last == scale.mean.count else {
      throw MetricError(
        "\"original_units\" of \(scale.mean.count) columns expects predictions and targets of as many, got "
          + "\(prediction) and \(target)")
    }
    self.accumulator = accumulator
    means = scale.mean.map { Float($0) }
    deviations = scale.deviation.map { Float($0) }
    (predictionCount, targetCount) = (prediction.dropFirst.count, target.dropFirst.count)
  }

  mutating func add(
    prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
  ) throws(MetricError) {
    let predictions = original(prediction, samples * predictionCount)
    let targets = original(target, samples * targetCount)
    try accumulator.add(prediction: predictions, target: targets, samples: samples)
  }

  private func original(_ values: UnsafePointer<Float>, _ count: Int) -> [Float] {
    (0..<count).map { values[$0] * deviations[$0 % means.count] + means[$0 % means.count] }
  }

  func results() -> [MetricResult] { accumulator.results() }

  func table() -> TextTable? { accumulator.table() }

  func json() -> JSON? { accumulator.json() }
}
