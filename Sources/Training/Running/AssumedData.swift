import Compilation
import Datasets
import GraphIR
import Layers
import ModelSpec
import Settings
import TensorCore

/// The fields that a stage asks for, as far as its networks tell: for summaries and benchmarks.
struct AssumedData {
  let fields: [DataField]
  /// What each field holds, where not any number will do.
  let values: [Signature.Values?]
  let objectives: [Objective]
  /// Whether nothing but what losses compare with had to be tried out. What a layer makes of a field that no network
  /// reads may suit fields of many shapes, of which the data have one.
  let isCertain: Bool

  /// Fields that the stage reads: those of the networks' inputs, and targets: class numbers where the loss takes those,
  /// else tensors like the prediction.
  ///
  /// Throws: `Problems` where neither fits, where only the data can tell what a field holds, or where the experiment
  /// does not fit together.
  init(_ stage: Experiment.Stage, _ experiment: Experiment) throws(Problems) {
    let layers = Self.layers(of: stage)
    let (inputs, open) = Self.fieldsRead(by: stage, naming: layers, experiment.networks)
    isCertain = open.allSatisfy(\.isCompared)
    let named = [stage.settings.loss?["target"]?.string] + stage.metrics.map(\.target)
    let known = layers.union(inputs.map(\.name))
    // A metric may compare with a layer, or with what is in one.
    let targets = Set(named.compactMap(\.self) + open.map(\.name)).filter { name in
      !known.contains { name == $0 || name.hasPrefix($0 + "/") }
    }.sorted()
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

  /// The names of the layers that the objectives of a stage list, and of the objectives, behind which those of others
  /// stand.
  private static func layers(of stage: Experiment.Stage) -> Set<String> {
    let entries = stage.objectives.flatMap { $0.layers?.elements ?? [] }
    return Set(
      entries.compactMap { $0["name"]?.string }
        + stage.objectives.map(\.name).filter { !$0.isEmpty })
  }

  /// The fields of the names of networks' inputs, but for what a layer of an objective makes; those that objectives
  /// give to networks under other names; and the names of fields that nothing tells more of.
  private static func fieldsRead(
    by stage: Experiment.Stage, naming layers: Set<String>, _ networks: Networks
  ) -> (fields: [DataField], open: [(name: String, isCompared: Bool)]) {
    var fields: [DataField] = []
    func add(_ name: String, _ shape: Shape) {
      if !layers.contains(name), !fields.contains(where: { $0.name == name }) {
        fields.append(DataField(name, shape))
      }
    }
    for input in networks.all.flatMap(\.graph.inputs) { add(input.name, input.shape) }
    var open: [(name: String, isCompared: Bool)] = []
    for entry in stage.objectives.flatMap({ $0.layers?.elements ?? [] }) {
      let said = entry["inputs"]
      let names = said?.string.map { [$0] } ?? said?.elements?.compactMap(\.string) ?? []
      let isNetwork = entry["type"]?.string == NetworkUse.type
      let isLoss = entry["type"]?.string.map { layerRegistry.variant($0) is any Loss.Type } ?? false
      let network = networks.all.first {
        isNetwork && (entry["network"] == nil || entry["network"]?.string == $0.name)
      }
      for (number, name) in names.enumerated() {
        let front = String(name.prefix { $0 != "/" && $0 != ":" })
        if layers.contains(front) { continue }
        if let inputs = network?.graph.inputs, inputs.indices.contains(number) {
          add(name, inputs[number].shape)
        } else {
          open.append((name, isLoss))
        }
      }
    }
    return (fields, open.filter { one in !fields.contains { $0.name == one.name } })
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
