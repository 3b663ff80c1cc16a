import TensorCore

/// How often each class was true, predicted, and both.
struct ClassCounts: Sendable {
  var rows: ClassRows
  private let bound: Float
  private(set) var actual: [Int]
  private(set) var predicted: [Int]
  private(set) var correct: [Int]

  init(_ rows: ClassRows, _ decision: ClassDecision) {
    self.rows = rows
    bound = decision.bound
    actual = Array(repeating: 0, count: rows.classes)
    predicted = actual
    correct = actual
  }

  mutating func add(
    prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
  ) throws(MetricError) {
    try rows.forEach(prediction, target, samples: samples) { scores, truth in
      let decided = ClassDecision.decide(scores, rows.width, bound)
      actual[truth] += 1
      predicted[decided] += 1
      if decided == truth { correct[truth] += 1 }
    }
  }
}

/// Precision, recall or F1: a ratio for each class, and their mean.
struct ClassRatioAccumulator: ClassRowsAccumulator {
  let name: String
  var counts: ClassCounts
  var rows: ClassRows {
    get { counts.rows }
    set { counts.rows = newValue }
  }
  /// The ratio of class c's numerator and denominator.
  let ratio: @Sendable (ClassCounts, Int) -> (Int, Int)

  mutating func add(
    prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
  ) throws(MetricError) {
    try counts.add(prediction: prediction, target: target, samples: samples)
  }

  func results() -> [MetricResult] {
    let values = (0..<counts.rows.classes).map(value)
    if counts.rows.width == 1 { return [MetricResult(name, values[1])] }
    return [MetricResult("\(name)_macro", meanOfDecided(values))]
      + zip(counts.rows.classNames, values).map {
        MetricResult("\(name)/\($0)", $1, isPerClass: true)
      }
  }

  private func value(_ index: Int) -> Double {
    if counts.actual[index] + counts.predicted[index] == 0 { return .nan }
    let (numerator, denominator) = ratio(counts, index)
    return denominator == 0 ? 0 : Double(numerator) / Double(denominator)
  }
}

/// The mean of the values that are numbers; NaN where none is.
func meanOfDecided(_ values: [Double]) -> Double {
  let decided = values.filter { !$0.isNaN }
  return decided.isEmpty ? .nan : decided.reduce(0, +) / Double(decided.count)
}
