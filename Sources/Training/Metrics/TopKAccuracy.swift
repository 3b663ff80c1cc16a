public import Settings
public import TensorCore

/// Rows whose class is among the k largest scores / rows.
public struct TopKAccuracy: Metric {
  public var k = 5

  public init() {}

  public static let type = "top_k_accuracy"
  public static let manual = """
    The part of the rows whose class is among the k largest scores.

    Of equal scores the first counts as the larger, so k = 1 is accuracy. The result is called "top_5_accuracy" for
    k = 5. Steps of padding do not count.
    """

  public static let better: Better? = .higher

  public static func gives(_ result: String) -> Bool {
    result.hasPrefix("top_") && result.hasSuffix("_accuracy")
  }

  public static var fields: [Field<Self>] {
    [.init("k", \.k, .atLeast(1), "How many of the largest scores count.")]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    guard k <= rows.width else {
      throw MetricError(
        "\(Self.type) with k = \(k) expects at least \(k) classes, got \(rows.width)")
    }
    return Accumulator(rows: rows, k: k)
  }

  private struct Accumulator: ClassRowsAccumulator {
    var rows: ClassRows
    let k: Int
    var correct = 0
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      try rows.forEach(prediction, target, samples: samples) { scores, truth in
        var ahead = 0
        for other in 0..<rows.width
        where scores[other] > scores[truth] || (scores[other] == scores[truth] && other < truth) {
          ahead += 1
        }
        count += 1
        if ahead < k { correct += 1 }
      }
    }

    func results() -> [MetricResult] {
      [MetricResult("top_\(k)_accuracy", Double(correct) / Double(count))]
    }
  }
}
