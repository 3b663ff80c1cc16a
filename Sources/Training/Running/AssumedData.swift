import Compilation
import Datasets
import GraphIR
import ModelSpec
import Settings
import TensorCore

/// The fields that a stage asks for, as far as its networks tell: for summaries and benchmarks, which read no data.
struct AssumedData {
  let fields: [DataField]
  let objectives: [Objective]

  /// Fields of the networks' inputs, and targets: class numbers where the loss takes those, else tensors like the prediction.
  ///
  /// Throws: `Problems` where neither fits, or where the experiment does not fit together.
  init(_ stage: Experiment.Stage, _ experiment: Experiment) throws(Problems) {
    var inputs: [DataField] = []
    for network in experiment.networks.all {
      for input in network.graph.inputs where !inputs.contains(where: { $0.name == input.name }) {
        inputs.append(DataField(input.name, input.shape))
      }
    }
    let named = [stage.settings.loss?["target"]?.string] + stage.metrics.map(\.target)
    let targets = Set(named.compactMap(\.self)).subtracting(inputs.map(\.name)).sorted()
    let output = try Self.output(of: stage, experiment)
    var guesses = [(shape: Shape([]), classes: output.map { max(2, $0.last) })]
    if let output { guesses.append((output, nil)) }
    var failure = Problems()
    for guess in guesses {
      let fields =
        inputs + targets.map { DataField($0, guess.shape, classes: guess.classes) }
      do throws(Problems) {
        let objectives = try Objective.all(
          of: stage, networks: experiment.networks, fields: fields)
        for objective in objectives { _ = try objective.trainingPlan(batch: 1) }
        (self.fields, self.objectives) = (fields, objectives)
        return
      } catch { failure = error }
    }
    throw failure
  }

  /// The shape of a row of what the trained network gives.
  private static func output(
    of stage: Experiment.Stage, _ experiment: Experiment
  ) throws(Problems) -> Shape? {
    let network = experiment.networks.all.first {
      stage.settings.network == nil || $0.name == stage.settings.network
    }
    guard let network, let output = network.outputs.first else { return nil }
    return try ShapedGraph(network.graph, batch: 1).shape(of: output).dropFirst
  }
}
