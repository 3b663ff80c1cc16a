public import Settings
public import TensorCore

/// 200 mean(|prediction - target| / (|prediction| + |target|)).
public struct SymmetricMeanAbsolutePercentageError: Metric {
  public init() {}

  public static let type = "symmetric_mean_absolute_percentage_error"
  public static let manual = """
    The mean of the absolute differences relative to the mean size of prediction and target, in percent (sMAPE).

    symmetric_mean_absolute_percentage_error = 200 mean(|prediction - target| / (|prediction| + |target|)),
    over all elements of all samples; 0 where both are 0. From 0 to 200. It has a meaning for numbers in their own units
    alone: say "original_units" where the reader standardised them.
    Source: S. Makridakis, E. Spiliotis, V. Assimakopoulos, "The M4 competition", International Journal of Forecasting,
    2020.
    """

  public static let better: Better? = .lower

  public static var fields: [Field<Self>] { [] }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    try DifferenceAccumulator.check(Self.type, prediction: prediction, target: target)
    return Accumulator(elementsPerSample: prediction.dropFirst.count)
  }

  private struct Accumulator: MetricAccumulator {
    let elementsPerSample: Int
    var sum = 0.0
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      typealias Kind = SymmetricMeanAbsolutePercentageError
      for i in 0..<samples * elementsPerSample {
        let (one, other) = (Double(prediction[i]), Double(target[i]))
        let difference = abs(one - other)
        guard !difference.isNaN else {
          throw MetricError(
            "\(Kind.type): prediction or target is not a number (element \(i) of the batch)")
        }
        if difference > 0 { sum += difference / (abs(one) + abs(other)) }
      }
      count += samples * elementsPerSample
    }

    func results() -> [MetricResult] {
      [MetricResult(SymmetricMeanAbsolutePercentageError.type, 200 * sum / Double(count))]
    }
  }
}
