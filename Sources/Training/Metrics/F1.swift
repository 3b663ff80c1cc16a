import Settings
public import TensorCore

/// 2 TP / (2 TP + FP + FN).
public struct F1: DecidingMetric {
  var decision = ClassDecision()

  public init() {}

  public static let type = "f1"
  public static let manual = """
    The harmonic mean of precision and recall.

    f1 = 2 TP / (2 TP + FP + FN) for each class c, where TP rows of c are predicted as c, FP
    rows of others as c and FN rows of c as others; 0 where the divisor is 0, and no number where c
    occurs in neither targets nor predictions. With one number a row it is that of class 1, else "f1_macro" is the
    plain mean over the classes that occur in targets or predictions, and "f1/CLASS" that of each class.
    """

  public static let better: Better? = .higher

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    return ClassRatioAccumulator(name: Self.type, counts: ClassCounts(rows, decision)) {
      (2 * $0.correct[$1], $0.actual[$1] + $0.predicted[$1])
    }
  }
}
