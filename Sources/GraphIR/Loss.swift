/// A layer that says how wrong a prediction is: its inputs are [prediction, target], its output is one number, [].
///
/// Both inputs have the batch as their first axis, and the output is a mean over its rows (over all elements, or over
/// rows of classes, as its manual says), so it does not grow with the batch. A loss whose target is a setting takes the
/// prediction alone.
public protocol Loss: RowMixingLayer {
  /// What the numbers of its predictions stand for.
  static var scale: PredictionScale { get }
}

extension Loss {
  public static var scale: PredictionScale { .targets }
}

/// What the numbers that a network predicts stand for, which only the loss it was trained with knows.
public enum PredictionScale: Sendable {
  /// They are like the targets.
  case targets
  /// Each is the log-odds of a yes: its sigmoid is like the target.
  case logOdds
  /// Those of the last axis are logits of classes: their softmax is a probability for each.
  case logits
}
