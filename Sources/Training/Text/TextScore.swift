public import Settings

/// What a metric says of texts, and why.
public struct TextScore: Sendable {
  public let metric: TextMetric
  public let value: Double
  /// The value as people compare it.
  public let text: String
  /// What it came from, in lines.
  public let lines: [String]
  /// The same for programs.
  public let facts: [(name: String, value: JSON)]

  init(_ bleu: BLEU) {
    (metric, value) = (.bleu, bleu.score)
    text = ResultText.fixed(bleu.score, digits: 2)
    lines = [bleu.facts, bleu.signature]
    facts = [
      ("precisions", bleu.precisions.json), ("brevity_penalty", bleu.brevityPenalty.json),
      ("hypothesis_length", bleu.hypothesisLength.json),
      ("reference_length", bleu.referenceLength.json), ("signature", bleu.signature.json),
    ]
  }

  init(_ metric: TextMetric, _ rate: ErrorRate, unit: String) {
    (self.metric, value) = (metric, rate.rate)
    text = ResultText.short(rate.rate)
    lines = ["edits = \(rate.edits) \(unit) = \(rate.length)"]
    facts = [("edits", rate.edits.json), (unit, rate.length.json)]
  }
}
