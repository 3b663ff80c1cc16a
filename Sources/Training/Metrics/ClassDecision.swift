import Foundation
import Settings

/// How scores decide: the largest of several; or for one, on which side of a threshold it is.
struct ClassDecision: Sendable, Equatable {
  /// A probability, or any number where predictions are scores.
  var threshold = 0.5
  var fromLogits = true

  static func fields<Owner: Sendable>(
    _ threshold: WritableKeyPath<Owner, Double> & Sendable,
    _ fromLogits: WritableKeyPath<Owner, Bool> & Sendable
  ) -> [Field<Owner>] {
    [
      .init(
        "threshold", threshold,
        "For one number a row: the probability, or the score, above which it is class 1."),
      .init(
        "from_logits", fromLogits,
        "Whether predictions are logits; false where they are probabilities or other scores."),
    ]
  }

  /// What is wrong between the two.
  var contradiction: String? {
    fromLogits && !(threshold > 0 && threshold < 1)
      ? "\"threshold\" is a probability where predictions are logits, above 0 and below 1" : nil
  }

  /// The number that a single score must exceed: the threshold, or its log-odds.
  var bound: Float { Float(fromLogits ? log(threshold / (1 - threshold)) : threshold) }

  /// The class that a row of scores says; `bound` is this decision's.
  @inline(__always)
  static func decide(_ scores: UnsafePointer<Float>, _ width: Int, _ bound: Float) -> Int {
    width == 1 ? (scores[0] > bound ? 1 : 0) : largest(scores, width)
  }
}
