import Datasets
import Settings

/// A metric of classes that scores decide on.
protocol DecidingMetric: Metric {
  var decision: ClassDecision { get set }
}

extension DecidingMetric {
  public static var fields: [Field<Self>] {
    [
      .init(
        "threshold", \Self.decision.threshold,
        "For one number a row: the probability, or the score, above which it is class 1; or the name of a result that it was on the validation data, such as \"best_f1_threshold\", which the checkpoint holds: then there is no result for those data."
      ),
      .init(
        "from_logits", \Self.decision.fromLogits,
        "Whether predictions are logits; false where they are probabilities or other scores."),
    ]
  }

  public var contradiction: String? { decision.contradiction }

  public var wanted: PlacedName? {
    if case .validated(let name) = decision.threshold { name } else { nil }
  }

  public func told(_ value: Double) -> Self {
    var told = self
    told.decision.threshold = .number(value)
    return told
  }
}
