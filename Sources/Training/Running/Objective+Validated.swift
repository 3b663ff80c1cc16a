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

  /// What the metrics ask for of an evaluation of the validation data.
  ///
  /// Throws: `Problems` with every result that there is not, or that is not a number.
  func wanted(of outcome: EvaluationOutcome) throws(Problems) -> [String: Double] {
    var problems = Problems()
    var wanted: [String: Double] = [:]
    for objective in self {
      for name in objective.measures.compactMap(\.settings.metric.wanted) {
        let full = objective.prefix + name.text
        guard let value = outcome[full] ?? outcome[name.text] else {
          let names = outcome.results.map(\.name).filter { $0.hasPrefix(objective.prefix) }
            .map { String($0.dropFirst(objective.prefix.count)) }
          problems.add(
            "no result of the validation data is called \"\(name.text)\""
              + suggestion(for: name.text, among: names), path: name.keys, at: name.place)
          continue
        }
        guard value.isFinite else {
          problems.add(
            "\"\(name.text)\" of the validation data is \(value), which decides nothing",
            path: name.keys, at: name.place)
          continue
        }
        wanted[outcome[full] == nil ? name.text : full] = value
      }
    }
    try problems.throwIfAny()
    return wanted
  }
}
