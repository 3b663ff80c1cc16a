import Datasets
import Settings

/// Metrics that ask for a result of the validation data, such as a threshold.
extension [Objective] {
  /// The objectives with the metrics that can be computed.
  ///
  /// - Parameter known: the results of the validation data by their names; nil while these are evaluated themselves, when
  ///   metrics that ask for one are left out.
  /// Throws: `Problems` with every metric whose result is not known.
  func told(_ known: [String: Double]?) throws(Problems) -> [Objective] {
    var problems = Problems()
    var told: [Objective] = []
    for objective in self {
      var measures: [Objective.Measure] = []
      for measure in objective.measures {
        guard let name = measure.settings.metric.wanted else {
          measures.append(measure)
          continue
        }
        guard let known else { continue }
        if let value = known[objective.prefix + name.text] ?? known[name.text] {
          measures.append(measure.told(value))
        } else {
          problems.add(
            "the checkpoint knows no result \"\(name.text)\" of validation data, which training had none of",
            path: name.keys, at: name.place)
        }
      }
      told.append(objective.measuring(measures))
    }
    try problems.throwIfAny()
    return told
  }

  /// The result that each of its metrics asks for, with its full name among those of an evaluation of the validation
  /// data.
  ///
  /// Throws: `Problems` with every one that there is not.
  private func wanted(
    among names: [String]
  ) throws(Problems) -> [(name: PlacedName, full: String)] {
    var problems = Problems()
    var wanted: [(name: PlacedName, full: String)] = []
    for objective in self {
      for name in objective.measures.compactMap(\.settings.metric.wanted) {
        if let full = [objective.prefix + name.text, name.text].first(where: names.contains) {
          wanted.append((name, full))
          continue
        }
        let own = names.filter { $0.hasPrefix(objective.prefix) }
          .map { String($0.dropFirst(objective.prefix.count)) }
        problems.add(
          Problems(
            name.problem(
              "no result of the validation data is called \"\(name.text)\""
                + suggestion(for: name.text, among: own))))
      }
    }
    try problems.throwIfAny()
    return wanted
  }

  /// Looks for the results that metrics ask for, among the names of those of the validation data.
  ///
  /// Throws: `Problems` with every one that there is not.
  func checkWanted(among names: [String]) throws(Problems) { _ = try wanted(among: names) }

  /// What the metrics ask for of an evaluation of the validation data.
  ///
  /// Throws: `Problems` with every result that there is not, or that is not a number.
  func wanted(of outcome: EvaluationOutcome) throws(Problems) -> [String: Double] {
    var problems = Problems()
    var values: [String: Double] = [:]
    for (name, full) in try wanted(among: outcome.results.map(\.name)) {
      guard let value = outcome[full] else { continue }
      if !value.isFinite {
        problems.add(
          "\"\(name.text)\" of the validation data is \(value), which decides nothing",
          path: name.keys, at: name.place)
      }
      values[full] = value
    }
    try problems.throwIfAny()
    return values
  }
}
