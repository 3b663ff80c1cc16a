import TensorCore

/// The mean over all elements of a function of prediction - target.
struct DifferenceAccumulator: MetricAccumulator {
  private let name: String
  private let elementsPerSample: Int
  private let function: @Sendable (Double) -> Double
  private var sum = 0.0
  private var count = 0

  /// Prediction and target must have the same shape, but for a last axis of 1.
  init(
    _ name: String, prediction: Shape, target: Shape,
    _ function: @escaping @Sendable (Double) -> Double
  ) throws(MetricError) {
    try Self.check(name, prediction: prediction, target: target)
    self.name = name
    self.function = function
    elementsPerSample = prediction.dropFirst.count
  }

  /// Throws: `MetricError`, unless the shapes are the same but for a last axis of 1.
  static func check(
    _ name: String, prediction: Shape, target: Shape
  ) throws(MetricError) {
    guard prediction.rank > 0, trimmed(prediction) == trimmed(target) else {
      throw MetricError(
        "\(name) of a prediction \(prediction) expects a target of the same shape, got \(target)")
    }
  }

  mutating func add(
    prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
  ) throws(MetricError) {
    for i in 0..<samples * elementsPerSample {
      let difference = Double(prediction[i]) - Double(target[i])
      guard !difference.isNaN else {
        throw MetricError(
          "\(name): prediction or target is not a number (element \(i) of the batch)")
      }
      sum += function(difference)
    }
    count += samples * elementsPerSample
  }

  func results() -> [MetricResult] { [MetricResult(name, sum / Double(count))] }
}

/// A shape without a last axis of 1 behind the batch's.
private func trimmed(_ shape: Shape) -> Shape {
  shape.rank > 1 && shape.last == 1 ? shape.dropLast : shape
}
