import Settings
public import TensorCore

/// Sequences whose every class is right / sequences.
public struct SequenceAccuracy: DecidingMetric {
  var decision = ClassDecision()

  public init() {}

  public static let type = "sequence_accuracy"
  public static let manual = """
    The part of the samples of which every class is predicted: exact match, of whole words where steps are letters.

    The predicted class of a step is the one of the largest score, the first of equal ones; with one number a step, class
    1 where it exceeds the threshold. Steps of padding do not count.
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
      for sample in 0..<samples {
        var mistakes = 0
        try rows.forEach(
          prediction + sample * rows.predictionCount, target + sample * rows.targetCount,
          samples: 1
        ) { scores, truth in
          if ClassDecision.decide(scores, rows.width, bound) != truth { mistakes += 1 }
        }
        if mistakes == 0 { correct += 1 }
      }
      count += samples
    }

    func results() -> [MetricResult] {
      [MetricResult(SequenceAccuracy.type, Double(correct) / Double(count))]
    }
  }
}
