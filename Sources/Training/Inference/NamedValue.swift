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
  /// A layer, by its name in an objective, with or without the objective's own in front; `lstm:1` is its second output.
  case layer(String)
  /// A network, fed with fields of the data: its outputs, or one of them, `encoder/mean` or `encoder:1`.
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
  /// What it is called among those that follow.
  var name = ""
  /// What else the network gives, or is trained to predict, of the same inputs.
  var others: [Other] = []

  /// Another value of the graph.
  struct Other: Sendable {
    let name: String
    let source: Graph.Source
    var comparison: Comparison?
  }
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
    var others: [NamedValue.Other] = []
    for other in found where other.target.name != comparison.target.name {
      guard !others.contains(where: { $0.name == other.target.name }) else { continue }
      others.append(.init(name: other.target.name, source: graph.add(other), comparison: other))
    }
    return NamedValue(
      graph: graph, source: source, comparison: comparison, fields: fields(of: graph),
      name: comparison.target.name, others: others
    ).keepingAttainable()
  }

  /// A layer by its whole name, or by that within the first objective that has it.
  private func layer(_ name: String) throws(Problems) -> NamedValue {
    let names = [name] + objectives.map { $0.prefix + name }
    for name in names {
      guard let source = try graph.output(name) else { continue }
      return NamedValue(graph: graph, source: source, fields: fields(of: graph))
    }
    let known = graph.names.keys.map { name in
      let prefix = objectives.map(\.prefix).first { !$0.isEmpty && name.hasPrefix($0) }
      return String(name.dropFirst(prefix?.count ?? 0))
    }
    throw Problems(
      Problem(
        "no layer is called \"\(name)\"" + suggestion(for: name, among: Set(known).sorted())))
  }

  /// A network's outputs, or the one that stands behind its name.
  private func network(_ name: String) throws(Problems) -> NamedValue {
    let networks = experiment.networks
    let end = name.firstIndex { $0 == "/" || $0 == ":" } ?? name.endIndex
    let (own, rest) = (String(name[..<end]), name[end...])
    guard let network = networks[own], let first = network.outputs.first else {
      throw Problems(
        Problem("no network is called \"\(own)\"" + suggestion(for: own, among: networks.names)))
    }
    let fields = fields(of: network.graph)
    let outputs = zip(network.outputNames, network.outputs).map {
      NamedValue.Other(name: $0, source: $1)
    }
    if rest.isEmpty {
      return NamedValue(
        graph: network.graph, source: first, fields: fields, name: outputs[0].name,
        others: Array(outputs.dropFirst())
      ).keepingAttainable()
    }
    let chosen =
      rest.first == "/"
      ? outputs.first { $0.name == rest.dropFirst() }
      : Int(rest.dropFirst()).flatMap { outputs.indices.contains($0) ? outputs[$0] : nil }
    guard let chosen else {
      throw Problems(
        Problem(
          "the network \"\(own)\" has no output \"\(rest.dropFirst())\""
            + " (known: \(outputs.map { "\(own)/\($0.name)" }.joined(separator: ", ")))"))
    }
    return NamedValue(graph: network.graph, source: chosen.source, fields: fields)
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
  var neededInputs: [Int] { graph.inputs(behind: source).sorted() }

  /// The same with those others alone that are of rows and follow from no more inputs.
  fileprivate func keepingAttainable() -> NamedValue {
    let needed = graph.inputs(behind: source)
    var value = self
    value.others = others.filter { other in
      graph.inputs(behind: other.source).isSubset(of: needed)
        && (try? graph.rowShape(of: other.source)) != nil
    }
    return value
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
  /// The numbers of the inputs that a value follows from.
  func inputs(behind source: Source) -> Set<Int> {
    let needed = neededNodes(of: self, for: [source])
    let read = [source] + nodes.indices.filter { needed[$0] }.flatMap { nodes[$0].inputs }
    return Set(read.compactMap { if case .input(let index) = $0 { index } else { nil } })
  }

  /// The value that a name stands for, or one of several outputs, counted from 0 behind a colon: `lstm_1:1`; nil where
  /// nothing has the name.
  ///
  /// Throws: `Problems` for an output that there is not, with those that there are.
  func output(_ reference: String) throws(Problems) -> Source? {
    if let source = names[reference] { return source }
    guard let colon = reference.firstIndex(of: ":") else { return nil }
    let (name, number) = (String(reference[..<colon]), reference[reference.index(after: colon)...])
    // A name of its own has what a block or a network gives; of a layer's further outputs its node tells.
    var outputs = outputs(of: name)
    guard let first = outputs.first else { return nil }
    if outputs.count == 1, let node = node(name, giving: first) {
      let count = try ShapedGraph(self, batch: 1).signatures[node].outputs.count
      outputs += (1..<max(1, count)).map { .node(node, output: $0) }
    }
    if let output = Int(number), outputs.indices.contains(output) { return outputs[output] }
    let known = outputs.indices.map { $0 == 0 ? name : "\(name):\($0)" }
    throw Problems(
      Problem(
        "\"\(name)\" has no output \"\(number)\" (known: \(known.joined(separator: ", ")))"))
  }

  /// The node of a name, before its activation; that of the value where it is the name of a network's use.
  private func node(_ name: String, giving source: Source) -> Int? {
    if let node = nodes.firstIndex(where: { $0.name == name }) { return node }
    guard case .node(let node, output: 0) = source else { return nil }
    return node
  }

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
