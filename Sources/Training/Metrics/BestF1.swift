public import Settings
public import TensorCore

/// The largest F1 that any threshold of a score gives, and that threshold.
public struct BestF1: Metric {
  public init() {}

  public static let type = "best_f1"
  public static let manual = """
    The largest F1 that a threshold of one number a row can give, and the threshold.

    f1(t) = 2 TP / (2 TP + FP + FN), a row being predicted as class 1 where its score is above t; best_f1 is the
    largest and "best_f1_threshold" its t, halfway between two scores, or 1 below the least where class 1 for all rows
    is best. Chosen on validation data, it is the threshold of other metrics on the test data:
    {"type": "f1", "threshold": "best_f1_threshold", "from_logits": false}. It keeps 8 bytes a row until the end.
    """

  public static let better: Better? = .higher

  public static var fields: [Field<Self>] { [] }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    guard rows.width == 1 else {
      throw MetricError("\(Self.type) expects one number a row, got \(prediction)")
    }
    return Accumulator(rows: rows)
  }

  private struct Accumulator: ClassRowsAccumulator {
    var rows: ClassRows
    var scores: [(score: Float, isPositive: Bool)] = []

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      try rows.forEach(prediction, target, samples: samples) { row, truth in
        scores.append((row[0], truth == 1))
      }
    }

    func results() -> [MetricResult] {
      let (best, threshold) = Self.best(of: scores.sorted { $0.score > $1.score })
      return [
        MetricResult(BestF1.type, best), MetricResult("\(BestF1.type)_threshold", threshold),
      ]
    }

    /// The best over all thresholds between different scores, which come from the highest down.
    private static func best(
      of sorted: [(score: Float, isPositive: Bool)]
    ) -> (f1: Double, threshold: Double) {
      let positives = sorted.count { $0.isPositive }
      var best = (f1: Double.nan, threshold: Double.nan)
      var found = 0
      for (index, entry) in sorted.enumerated() {
        if entry.isPositive { found += 1 }
        let next = index + 1 < sorted.count ? Double(sorted[index + 1].score) : -.infinity
        guard Double(entry.score) > next, positives > 0 else { continue }
        let f1 = 2 * Double(found) / Double(positives + index + 1)
        if !(f1 <= best.f1) {
          let below = next.isFinite ? (Double(entry.score) + next) / 2 : Double(entry.score) - 1
          best = (f1, below)
        }
      }
      return best
    }
  }
}
