import Foundation
public import Settings
public import TensorCore

/// P(score of a positive > score of a negative) + P(equal) / 2.
public struct ROCAUC: Metric {
  public var fromLogits = true

  public init() {}

  public static let type = "roc_auc"
  public static let manual = """
    The area under the ROC curve: how often a positive row scores above a negative one.

    The exact rank statistic (Mann-Whitney U / (P N)), ties counted half. With one number a row it is that of class
    1; else each class against all others by its probability: "roc_auc_macro" is the plain mean over the classes that
    have both positives and negatives, "roc_auc/CLASS" that of each. It keeps 8 bytes a row and class until the end.
    """

  public static let better: Better? = .higher

  public static var fields: [Field<Self>] {
    [
      .init(
        "from_logits", \.fromLogits,
        "Whether predictions are logits, whose softmax is taken to compare rows.")
    ]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    return Accumulator(rows: rows, takesSoftmax: fromLogits && rows.width > 1)
  }

  private struct Accumulator: ClassRowsAccumulator {
    var rows: ClassRows
    let takesSoftmax: Bool
    /// [row, width].
    var scores: [Double] = []
    var truths: [Int] = []

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      try rows.forEach(prediction, target, samples: samples) { row, truth in
        let values = (0..<rows.width).map { Double(row[$0]) }
        scores += takesSoftmax ? softmax(values) : values
        truths.append(truth)
      }
    }

    private func softmax(_ values: [Double]) -> [Double] {
      let largest = values.max() ?? 0
      let powers = values.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }

    func results() -> [MetricResult] {
      if rows.width == 1 {
        return [MetricResult(ROCAUC.type, areaUnderCurve(scores, truths.map { $0 == 1 }))]
      }
      let areas = (0..<rows.width).map { column in
        areaUnderCurve(
          stride(from: column, to: scores.count, by: rows.width).map { scores[$0] },
          truths.map { $0 == column })
      }
      return [MetricResult("\(ROCAUC.type)_macro", meanOfDecided(areas))]
        + zip(rows.classNames, areas).map {
          MetricResult("\(ROCAUC.type)/\($0)", $1, isPerClass: true)
        }
    }
  }
}

/// The part of all pairs of a positive and a negative in which the positive scores higher, ties counted half.
///
/// Counted in integers, so the order of the rows changes no bit; NaN without a positive or a negative.
func areaUnderCurve(_ scores: [Double], _ isPositive: [Bool]) -> Double {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var negativesBelow = 0
  var positives = 0
  // Twice the pairs won, so that a tie is an integer too.
  var won = 0
  var start = 0
  while start < order.count {
    var end = start
    var tied = (positive: 0, negative: 0)
    while end < order.count, scores[order[end]] == scores[order[start]] {
      if isPositive[order[end]] { tied.positive += 1 } else { tied.negative += 1 }
      end += 1
    }
    won += tied.positive * (2 * negativesBelow + tied.negative)
    negativesBelow += tied.negative
    positives += tied.positive
    start = end
  }
  let pairs = positives * negativesBelow
  return pairs == 0 ? .nan : Double(won) / Double(2 * pairs)
}
