import Settings

/// Which metrics of a stage are measured, while its objectives are put together: each by those that know its names.
struct MetricSearch {
  /// What an objective does not know of a metric.
  private struct Miss {
    /// What the metric names, or nil where it names nothing and nothing stands for it.
    let name: String?
    /// Which of its names that is: `prediction`, `target`.
    let key: String
    /// What the objective knows.
    let known: [String]
  }

  private var measured: Set<Int> = []
  private var misses: [Int: [Miss]] = [:]

  /// Whether an objective measures the metric of a number.
  func measures(_ metric: Int) -> Bool { measured.contains(metric) }

  mutating func found(_ metric: Int) { measured.insert(metric) }

  mutating func miss(_ metric: Int, _ name: String?, as key: String, among known: [String]) {
    misses[metric, default: []].append(Miss(name: name, key: key, known: known))
  }

  /// Reports metrics that none of so many objectives measures.
  func report(_ metrics: [MetricSettings], of objectives: Int, _ problems: inout Problems) {
    for (number, metric) in metrics.enumerated() where !measured.contains(number) {
      // What an objective that is wrong itself would have known, nobody can say.
      guard let misses = misses[number], misses.count == objectives else { continue }
      // Who knows the prediction is who should know the target.
      guard let miss = misses.last(where: { $0.key == "target" }) ?? misses.last else { continue }
      let known = Set(misses.flatMap(\.known)).sorted()
      problems.add(metric.problem(of: miss.key, miss.name, among: known))
    }
  }
}
