import Datasets
import Settings
import Training

/// How an evaluation looks.
enum EvaluationText {
  /// - Parameter columns: those of the terminal; nil for files and other programs.
  static func text(_ outcome: EvaluationOutcome, _ split: Split, columns: Int?) -> String {
    let width = outcome.summary.map(\.name.count).max() ?? 0
    let lines = outcome.summary.map { name, value in
      "\(name)\(String(repeating: " ", count: width - name.count))  \(ResultText.text(value))"
    }
    let byClass = classTable(outcome, columns).map { "\n" + $0 } ?? ""
    let tables = outcome.tables.map { "\n\($0.text(width: columns))\n" }.joined()
    return "\(split.rawValue)\n" + lines.joined(separator: "\n") + "\n" + byClass + tables
  }

  /// Results such as `f1/cat`: a row a class, a column a metric.
  private static func classTable(_ outcome: EvaluationOutcome, _ columns: Int?) -> String? {
    var metrics: [String] = []
    var classes: [String] = []
    var cells: [ExactString: [String: Double]] = [:]
    for result in outcome.results where result.isPerClass {
      guard let slash = result.name.lastIndex(of: "/") else { continue }
      let metric = String(result.name[..<slash])
      let name = String(result.name[result.name.index(after: slash)...])
      if !metrics.contains(metric) { metrics.append(metric) }
      if cells[ExactString(name)] == nil { classes.append(name) }
      cells[ExactString(name), default: [:]][metric] = result.value
    }
    guard !metrics.isEmpty else { return nil }
    return Table(
      head: ["class"] + metrics,
      rows: classes.map { name in
        [name] + metrics.map { cells[ExactString(name)]?[$0].map(ResultText.text) ?? "" }
      },
      alignments: [.left] + metrics.map { _ in .right }
    ).text(width: columns)
  }

  static func json(_ outcome: EvaluationOutcome, _ split: Split) -> JSON {
    JSON(
      .object(
        [.init("split", split.json)]
          + outcome.results.map { .init($0.name, JSON(.number($0.value))) } + outcome.details))
  }
}
