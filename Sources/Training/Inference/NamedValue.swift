import Datasets
import GraphIR
import ModelSpec
import Settings

/// Which value of a trained model is asked for.
public enum ValueChoice: Sendable {
  /// What it was trained to predict.
  case prediction
  /// A layer, by its name in an objective, with or without the objective's own in front.
  case layer(String)
  /// A network, fed with fields of the data.
  case network(String)
}

/// A value in a graph, and how the graph is fed.
struct NamedValue: Sendable {
  let graph: Graph
  let source: Graph.Source
  /// What it is compared with in training, where it is a prediction.
  var comparison: Comparison?
  /// The field that each input of the graph is fed with; nil for one that no field fits.
  let fields: [DataField?]
}

extension TrainedModel {
  /// The value that is asked for.
  ///
  /// - Parameter isWanted: which of several predictions is meant, where there are several.
  /// Throws: `Problems` for a name that nothing bears, and where nothing is predicted.
  func value(
    _ choice: ValueChoice, preferring isWanted: (Comparison) -> Bool = { _ in true }
  ) throws(Problems) -> NamedValue {
    switch choice {
    case .prediction: try prediction(isWanted)
    case .layer(let name): try layer(name)
    case .network(let name): try network(name)
    }
  }

  private func prediction(_ isWanted: (Comparison) -> Bool) throws(Problems) -> NamedValue {
    let found = objectives.flatMap { objective in
      objective.comparisons(with: fields).map { (objective, $0) }
    }
    guard let (objective, comparison) = found.first(where: { isWanted($0.1) }) ?? found.first
    else {
      throw Problems(
        Problem(
          "no loss compares a prediction with a field of the data: --network or --layer says which "
            + "value is meant; the networks are " + quoted(experiment.networks.names)))
    }
    var graph = objective.graph
    let source = graph.add(comparison)
    return NamedValue(
      graph: graph, source: source, comparison: comparison, fields: fields(of: graph))
  }

  private func layer(_ name: String) throws(Problems) -> NamedValue {
    for objective in objectives {
      let names = objective.graph.names
      guard let source = names[objective.prefix + name] ?? names[name] else { continue }
      return NamedValue(
        graph: objective.graph, source: source, fields: fields(of: objective.graph))
    }
    let names = Set(objectives.flatMap(\.graph.names.keys)).sorted()
    throw Problems(
      Problem("no layer is called \"\(name)\"" + suggestion(for: name, among: names)))
  }

  private func network(_ name: String) throws(Problems) -> NamedValue {
    let networks = experiment.networks
    guard let network = networks[name], let source = network.outputs.first else {
      throw Problems(
        Problem("no network is called \"\(name)\"" + suggestion(for: name, among: networks.names)))
    }
    return NamedValue(
      graph: network.graph, source: source, fields: fields(of: network.graph))
  }

  /// The field of each input's name; else the only one of its shape.
  private func fields(of graph: Graph) -> [DataField?] {
    graph.inputs.map { input in
      let alike = fields.filter { $0.shape == input.shape }
      return alike.first { $0.name == input.name } ?? (alike.count == 1 ? alike[0] : nil)
    }
  }
}

extension NamedValue {
  /// The numbers of the inputs that the value follows from.
  var neededInputs: [Int] {
    var needed: Set<Int> = []
    var nodes: Set<Int> = []
    func visit(_ source: Graph.Source) {
      switch source {
      case .input(let index): needed.insert(index)
      case .node(let index, _): nodes.insert(index)
      }
    }
    visit(source)
    for index in graph.nodes.indices.reversed() where nodes.contains(index) {
      graph.nodes[index].inputs.forEach(visit)
    }
    return needed.sorted()
  }

  /// The fields that the value is computed from, one for each of `neededInputs`.
  ///
  /// Throws: `Problems` with every input that no field of the data fits.
  func neededFields(among known: [DataField]) throws(Problems) -> [DataField] {
    var problems = Problems()
    var needed: [DataField] = []
    for index in neededInputs {
      if let field = fields[index] {
        needed.append(field)
        continue
      }
      let input = graph.inputs[index]
      problems.add(
        "the input \"\(input.name)\" \(input.shape) is no field of the data; they are "
          + known.map { "\"\($0.name)\" \($0.shape)" }.joined(separator: ", "),
        path: input.path, at: input.place)
    }
    try problems.throwIfAny()
    return needed
  }
}

/// `"a", "b"`
func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
