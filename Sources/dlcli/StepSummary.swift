import Training

/// Remembers the last results of each split, for a table at the end of a run.
final class StepSummary: TrainingObserver {
  private var last: [ResultFacts] = []

  func stageBegan(_ stage: StageFacts) {}
  func stepEnded(_ step: StepFacts) {}
  func epochEnded(_ facts: ResultFacts) { remember(facts) }
  func evaluated(_ facts: ResultFacts) { remember(facts) }
  func note(_ message: String) {}

  private func remember(_ facts: ResultFacts) {
    last.removeAll { $0.split == facts.split }
    last.append(facts)
  }

  /// A row a split, a column a result.
  func table(_ title: String) -> TextTable {
    var names: [String] = []
    for result in last.flatMap(\.results) where !result.isPerClass && !names.contains(result.name) {
      names.append(result.name)
    }
    let rows = last.map { facts in
      [facts.split, "\(facts.step)"]
        + names.map { name in
          facts.results.first { $0.name == name }.map { ResultText.short($0.value) } ?? ""
        }
    }
    return TextTable(title: title, columns: ["split", "step"] + names, rows: rows)
  }
}
