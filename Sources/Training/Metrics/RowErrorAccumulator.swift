import TensorCore

/// The mean over all samples of a function of a sample's sum of squared differences.
struct RowErrorAccumulator: MetricAccumulator {
  private let name: String
  private let elementsPerSample: Int
  private let function: @Sendable (_ squares: Double, _ elements: Int) -> Double
  private var sum = 0.0
  private var samples = 0

  /// Prediction and target must have the same shape, but for a last axis of 1.
  init(
    _ name: String, prediction: Shape, target: Shape,
    _ function: @escaping @Sendable (_ squares: Double, _ elements: Int) -> Double
  ) throws(MetricError) {
    try DifferenceAccumulator.check(name, prediction: prediction, target: target)
    self.name = name
    self.function = function
    elementsPerSample = prediction.dropFirst.count
  }

  mutating func add(
    prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
  ) throws(MetricError) {
    for row in 0..<samples {
      var squares = 0.0
      for i in row * elementsPerSample..<(row + 1) * elementsPerSample {
        let difference = Double(prediction[i]) - Double(target[i])
        squares += difference * difference
      }
      guard !squares.isNaN else {
        throw MetricError("\(name): prediction or target is not a number (row \(row) of the batch)")
      }
      sum += function(squares, elementsPerSample)
    }
    self.samples += samples
  }

  func results() -> [MetricResult] { [MetricResult(name, sum / Double(samples))] }
}
