import Settings
public import TensorCore

/// Correct rows / rows.
public struct Accuracy: DecidingMetric {
  var decision = ClassDecision()

  public init() {}

  public static let type = "accuracy"
  public static let manual = """
    The part of the rows whose class is predicted.

    The predicted class is the one of the largest score, the first of equal ones; with one number a row, class 1
    where it exceeds the threshold. Steps of padding do not count.
    """

  public static let better: Better? = .higher

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    Accumulator(
      rows: try ClassRows(
        Self.type, prediction: prediction, target: target, classNames: classNames),
      bound: decision.bound)
  }

  private struct Accumulator: ClassRowsAccumulator {
    var rows: ClassRows
    let bound: Float
    var correct = 0
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      try rows.forEach(prediction, target, samples: samples) { scores, truth in
        count += 1
        if ClassDecision.decide(scores, rows.width, bound) == truth { correct += 1 }
      }
    }

    func results() -> [MetricResult] {
      [MetricResult(Accuracy.type, Double(correct) / Double(count))]
    }
  }
}
