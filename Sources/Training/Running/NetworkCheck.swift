import Compilation
import ModelSpec
import Settings

/// The networks of the model, beside what training makes of them.
extension Trainer {
  /// Reports networks whose layers do not fit one another as the inputs are declared, and those whose parameters would
  /// then have other shapes than the objectives train: `summary`, `predict` and `generate` go by what is declared.
  func checkNetworks(_ problems: inout Problems) {
    for network in experiment.networks.all {
      do throws(Problems) {
        checkShapes(of: network, try network.plan().parameters, &problems)
      } catch { problems.add(error) }
    }
  }

  private func checkShapes(
    of network: Network, _ parameters: [Plan.Tensor], _ problems: inout Problems
  ) {
    for parameter in parameters {
      let declared = parameter.specification.shape
      guard let trained = engine.store.parameter(parameter.name)?.specification.shape,
        trained != declared
      else { continue }
      let inputs = network.graph.inputs.map { "\"\($0.name)\" \($0.shape)" }
      problems.add(
        "with the inputs that network \"\(network.name)\" declares (\(inputs.joined(separator: ", "))), "
          + "\"\(parameter.name)\" would be \(declared); what the objectives give the network makes it \(trained)",
        path: network.graph.inputs.first?.path ?? "", at: network.graph.inputs.first?.place)
      // The layers behind follow from the first.
      return
    }
  }
}
