import Settings
public import TensorCore

/// How many rows of each class were predicted as each.
public struct ConfusionMatrix: DecidingMetric {
  var decision = ClassDecision()

  public init() {}

  public static let type = "confusion_matrix"
  public static let manual = """
    A table of counts: rows are the true classes, columns the predicted ones.

    It gives no number to compare; `eval` prints it, and `eval --json` has it under its name as {"classes": names,
    "counts": a list for each true class}. A class is predicted as for `accuracy`.
    """

  /// More classes make a table that nobody can read.
  private static let mostClasses = 4096

  public static let better: Better? = nil

  public static func gives(_ result: String) -> Bool { false }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let rows = try ClassRows(
      Self.type, prediction: prediction, target: target, classNames: classNames)
    guard rows.classes <= Self.mostClasses else {
      throw MetricError(
        "\(Self.type) is for at most \(Self.mostClasses) classes, got \(rows.classes)")
    }
    return Accumulator(
      rows: rows, bound: decision.bound,
      counts: Array(repeating: 0, count: rows.classes * rows.classes))
  }

  private struct Accumulator: ClassRowsAccumulator {
    var rows: ClassRows
    let bound: Float
    /// [true class, predicted class].
    var counts: [Int]

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      try rows.forEach(prediction, target, samples: samples) { scores, truth in
        let decided = ClassDecision.decide(scores, rows.width, bound)
        counts[truth * rows.classes + decided] += 1
      }
    }

    func results() -> [MetricResult] { [] }

    private func row(_ truth: Int) -> ArraySlice<Int> {
      counts[truth * rows.classes..<(truth + 1) * rows.classes]
    }

    func json() -> JSON? {
      ["classes": rows.classNames.json, "counts": (0..<rows.classes).map { Array(row($0)) }.json]
    }

    func table() -> TextTable? {
      let lines = rows.classNames.enumerated().map { truth, name in
        [name] + row(truth).map { "\($0)" }
      }
      return TextTable(
        title: "confusion matrix (rows: truth, columns: prediction)",
        columns: [""] + rows.classNames, rows: lines)
    }
  }
}
