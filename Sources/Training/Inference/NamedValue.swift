import Compilation
import Datasets
import GraphIR
import ModelSpec
import Settings
import TensorCore

/// Which value of a trained model is asked for.
public enum ValueChoice: Sendable {
  /// What it was trained to predict.
  case prediction
  /// A layer, by its name in an objective, with or without the objective's own in front.
  case layer(String)
  /// A network, fed with fields of the data.
  case network(String)

  /// What people call it.
  var name: String {
    switch self {
    case .prediction: "prediction"
    case .layer(let name), .network(let name): name
    }
  }
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
    var graph = graph
    let found = graph.comparisons(with: fields)
    guard let comparison = found.first(where: isWanted) ?? found.first else {
      throw Problems(
        Problem(
          "no loss compares a prediction with a field of the data: --network or --layer says which "
            + "value is meant; the networks are " + quoted(experiment.networks.names)))
    }
    let source = graph.add(comparison)
    return NamedValue(
      graph: graph, source: source, comparison: comparison, fields: fields(of: graph))
  }

  /// A layer by its whole name, or by that within the first objective that has it.
  private func layer(_ name: String) throws(Problems) -> NamedValue {
    let names = [name] + objectives.map { $0.prefix + name }
    guard let source = names.lazy.compactMap({ graph.names[$0] }).first else {
      let known = graph.names.keys.map { name in
        let prefix = objectives.map(\.prefix).first { !$0.isEmpty && name.hasPrefix($0) }
        return String(name.dropFirst(prefix?.count ?? 0))
      }
      throw Problems(
        Problem(
          "no layer is called \"\(name)\"" + suggestion(for: name, among: Set(known).sorted())))
    }
    return NamedValue(graph: graph, source: source, fields: fields(of: graph))
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
  /// The shape of the value for one row.
  ///
  /// Throws: `Problems` for a value that is not of rows, such as a mean over them.
  var rowShape: Shape {
    get throws(Problems) { try graph.rowShape(of: source) }
  }

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

extension Graph {
  /// The shape of a value for one row.
  ///
  /// Throws: `Problems` for a value that is not of rows, such as a mean over them.
  func rowShape(of source: Source) throws(Problems) -> Shape {
    let one = try ShapedGraph(self, batch: 1).shape(of: source)
    let two = try ShapedGraph(self, batch: 2).shape(of: source)
    guard one.rank > 0, one[0] == 1, two == one.dropFirst.prepending(2) else {
      throw Problems(Problem("expected a value [N, ...] with a part for each row, got \(one)"))
    }
    return one.dropFirst
  }
}

/// `"a", "b"`
func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
