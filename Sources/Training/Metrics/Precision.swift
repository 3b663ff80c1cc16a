import Settings
public import TensorCore

/// TP / (TP + FP).
public struct Precision: DecidingMetric {
  var decision = ClassDecision()

  public init() {}

  public static let type = "precision"
  public static let manual = """
    Of the rows predicted as a class, the part that is of it.

    precision = TP / (TP + FP) for each class c, where TP rows of c are predicted as c, FP rows of others as c and FN
    rows of c as others; 0 where the divisor is 0, and no number where c occurs in neither targets nor predictions.
    With one number a row it is that of class 1, else "precision_macro" is the plain mean over the classes that occur
    in targets or predictions, and "precision/CLASS" that of each class.
    """

  public static let better: Better? = .higher

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    return ClassRatioAccumulator(name: Self.type, counts: ClassCounts(rows, decision)) {
      ($0.correct[$1], $0.predicted[$1])
    }
  }
}
