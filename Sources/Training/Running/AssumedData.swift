import Compilation
import Datasets
import GraphIR
import ModelSpec
import Settings
import TensorCore

/// The fields that a stage asks for, as far as its networks tell: for summaries and benchmarks, which read no data.
struct AssumedData {
  let fields: [DataField]
  /// What each field holds, where not any number will do.
  let values: [Signature.Values?]
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
    // A class for each row, or for each place of a sequence or an image; or a target like the prediction.
    var guesses = [(shape: output?.dropLast ?? [], classes: output.map { max(2, $0.last) })]
    if let output { guesses.append((output, nil)) }
    var failure = Problems()
    for guess in guesses {
      let fields =
        inputs + targets.map { DataField($0, guess.shape, classes: guess.classes) }
      do throws(Problems) {
        let objectives = try Objective.all(
          of: stage, networks: experiment.networks, fields: fields)
        let plan = try Objective.trainingPlan(of: objectives, batch: 1)
        values = fields.map { Self.values(of: $0.name, in: plan.shaped) }
        (self.fields, self.objectives) = (fields, objectives)
        return
      } catch { failure = error }
    }
    throw failure
  }

  /// What the layers that read an input want of it.
  private static func values(of name: String, in shaped: ShapedGraph) -> Signature.Values? {
    guard let input = shaped.graph.inputs.firstIndex(where: { $0.name == name }) else { return nil }
    for (node, signature) in zip(shaped.graph.nodes, shaped.signatures) {
      for (index, source) in node.inputs.enumerated() where source == .input(input) {
        if let values = signature.values[index] { return values }
      }
    }
    return nil
  }

  /// The shape of a row of what is compared with the target: what the loss names, else what the network gives.
  private static func output(
    of stage: Experiment.Stage, _ experiment: Experiment
  ) throws(Problems) -> Shape? {
    let network = experiment.networks.all.first {
      stage.settings.network == nil || $0.name == stage.settings.network
    }
    let named = stage.settings.loss?["prediction"]?.string
    guard let network,
      let output = named.flatMap({ network.graph.names[$0] }) ?? network.outputs.first
    else { return nil }
    return try ShapedGraph(network.graph, batch: 1).shape(of: output).dropFirst
  }
}
