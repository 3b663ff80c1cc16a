import Foundation
import Settings

/// How scores decide: the largest of several; or for one, on which side of a threshold it is.
struct ClassDecision: Sendable, Equatable {
  /// A probability, or any number where predictions are scores.
  var threshold = DecisionThreshold.number(0.5)
  var fromLogits = true

  /// What is wrong between the two.
  var contradiction: String? {
    switch threshold {
    case .number(let number) where fromLogits && !(number > 0 && number < 1):
      "\"threshold\" is a probability where predictions are logits, above 0 and below 1"
    case .validated where fromLogits:
      "a threshold of the validation data is a score: it needs \"from_logits\" false"
    default: nil
    }
  }

  /// The number that a single score must exceed: the threshold, or its log-odds; NaN while it is not known.
  var bound: Float {
    guard case .number(let threshold) = threshold else { return .nan }
    return Float(fromLogits ? log(threshold / (1 - threshold)) : threshold)
  }

  /// The class that a row of scores says; `bound` is this decision's.
  @inline(__always)
  static func decide(_ scores: UnsafePointer<Float>, _ width: Int, _ bound: Float) -> Int {
    width == 1 ? (scores[0] > bound ? 1 : 0) : largest(scores, width)
  }
}
