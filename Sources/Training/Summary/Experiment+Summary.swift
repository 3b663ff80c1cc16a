public import Compilation
import ModelSpec
public import Settings

extension Experiment {
  /// Reads a configuration, or a model alone, which is then all there is.
  public static func loadModelOrConfiguration(
    _ path: String, overrides: [String], environment: [String: String]
  ) throws(ConfigError) -> Experiment {
    let (file, unfilled) = try ConfigFile.read(path, overrides: overrides, environment: environment)
    let isModel = file.effective["layers"] != nil || file.effective["networks"] != nil
    return try Experiment(
      file, unfilled, isModel ? ["model": file.effective] : file.effective, environment: environment
    )
  }

  /// The summary of every network.
  public func networkSummaries() throws(Problems) -> [NetworkSummary] {
    var summaries: [NetworkSummary] = []
    for network in networks.all {
      summaries.append(try NetworkSummary(network.name, network.graph))
    }
    return summaries
  }

  /// The plans that compute each network for one row.
  public func networkPlans() throws(Problems) -> [(name: String, plan: Plan)] {
    var plans: [(name: String, plan: Plan)] = []
    for network in networks.all {
      plans.append((network.name, try network.plan()))
    }
    return plans
  }
}

extension Network {
  /// The plan that computes it for one row, its inputs as it declares them.
  func plan() throws(Problems) -> Plan { try Plan.compile(graph, batch: 1, fetched: outputs) }
}
