import Foundation
public import Settings
public import TensorCore

/// exp(-Σ log p(token) / tokens)
public struct Perplexity: Metric {
  public var unit = "token"

  public init() {}

  public static let type = "perplexity"
  public static let manual = """
    How surprised a model is by the tokens that come, from its scores (logits) for each of them.

    With p the softmax of the scores and h the mean of -log p(target) over all targets of the data, in nats:

    perplexity = exp(h)        bits_per_UNIT = h / log 2

    where UNIT is what a token is, as "unit" says; results of other units cannot be compared. Steps of padding do not
    count.
    """
  public static let fields: [Field<Perplexity>] = [
    Field(
      "unit", \.unit,
      Bounds("a word in lower case") { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0 == "_" } },
      "what a token is, for the name of the result: token, character, word, byte")
  ]

  public static let better: Better? = .lower

  public static func gives(_ result: String) -> Bool {
    result == type || result.hasPrefix("bits_per_")
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    guard rows.width > 1 else {
      throw MetricError("\(Self.type) expects a prediction [N, ..., V], got \(prediction)")
    }
    return Accumulator(rows: rows, unit: unit)
  }

  private struct Accumulator: ClassRowsAccumulator {
    var rows: ClassRows
    let unit: String
    /// Σ -log p.
    var surprise = 0.0
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      try rows.forEach(prediction, target, samples: samples) { scores, truth in
        // Less the largest, for no power of e to be too large.
        let top = scores[largest(scores, rows.width)]
        var sum: Float = 0
        for column in 0..<rows.width { sum += exp(scores[column] - top) }
        surprise += Double(top - scores[truth]) + log(Double(sum))
        count += 1
      }
    }

    func results() -> [MetricResult] {
      let mean = surprise / Double(count)
      return [
        MetricResult(Perplexity.type, exp(mean)),
        MetricResult("bits_per_\(unit)", mean / log(2)),
      ]
    }
  }
}
