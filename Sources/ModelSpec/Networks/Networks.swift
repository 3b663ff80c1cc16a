public import GraphIR
public import Layers
public import Settings

/// One network of a model.
public struct Network: Sendable {
  public let name: String
  /// Its own inputs and nodes; the names of parameters begin with that of the network where there are several.
  public let graph: Graph
  /// What it gives, the last layer if it does not say.
  public let outputs: [Graph.Source]
  /// What it calls them: as `outputs` in the file says, else as the last layer.
  public let outputNames: [String]
}

/// The networks of a model file, as graphs of layers; shapes are not looked at.
///
/// A file is one network, `{"inputs": {"image": [28, 28, 1]}, "layers": [...]}`, or several,
/// `{"networks": {"generator": {...}, "discriminator": {...}}}`; either may define `blocks`.
public struct Networks: Sendable {
  /// How many layers a network may have when everything is expanded.
  public static let maximumNodes = 100_000
  /// How many outputs of one layer can be told apart.
  public static let maximumOutputs = 1024
  /// How many blocks and networks may be within each other.
  public static let maximumNesting = 64

  /// The networks in the order of the file.
  public let all: [Network]
  let definitions: Definitions

  /// Reads a model; `path` is where it stands in a larger document.
  ///
  /// Throws: `Problems`, everything that is wrong at once.
  public init(
    _ json: JSON, at path: String = "", registry: Registry<any Layer> = layerRegistry,
    blocks: Registry<any Block> = blockRegistry
  ) throws(Problems) {
    var problems = Problems()
    definitions = Definitions(json, at: path, registry: registry, builtIn: blocks, &problems)
    var all: [Network] = []
    for network in definitions.networks {
      var expansion = Expansion(definitions)
      all.append(expansion.network(network))
      problems.add(expansion.problems)
    }
    try problems.unique.throwIfAny()
    self.all = all
  }

  /// The names of the networks in the order of the file; `model` where the file does not name its only one.
  public var names: [String] { all.map(\.name) }

  /// The network of a name.
  public subscript(name: String) -> Network? { all.first { $0.name == name } }

  /// The graph of one network.
  public func graph(of name: String) -> Graph? { self[name]?.graph }

  /// A graph of layers that may use the networks, `{"type": "network", "network": "generator"}`, and the blocks.
  ///
  /// It begins with `graph`, whose names can be read, and `inputs`; what the first layer reads by default is the last
  /// node of `graph`. `owner` is what messages call the list, `the objective "generator"`; layers, and parameters of
  /// those that stand in no network, are named with `prefix` in front. A list with a prefix stands by itself: its first
  /// layer reads by default the only input, and its own names need no prefix. Throws: `Problems`, everything that is
  /// wrong at once.
  public func graph(
    layers: JSON, at path: String, owner: String, inputs: [Graph.Input] = [],
    extending graph: Graph = Graph(), prefix: String = ""
  ) throws(Problems) -> Graph {
    guard let entries = layers.elements else {
      var problems = Problems()
      problems.expected("a list of layers", got: layers, path: path)
      throw problems
    }
    var expansion = Expansion(definitions, extending: graph)
    var scope = Expansion.Scope(
      owner, namePrefix: prefix, parameterPrefix: prefix, readsEarlierLists: true)
    for (index, input) in graph.inputs.enumerated() { scope.addInput(input.name, .input(index)) }
    for input in inputs { scope.addInput(input.name, expansion.graph.add(input)) }
    let last = prefix.isEmpty ? graph.nodes.indices.last : nil
    _ = expansion.expand(
      entries, at: path, in: scope,
      after: last.map { .layer(node: $0, first: .node($0, output: 0)) })
    try expansion.problems.unique.throwIfAny()
    return expansion.graph
  }
}

extension Networks {
  /// What is wrong with the types and keys of a list of layers beside a model, whatever they read and wherever the
  /// model is wrong.
  public static func problems(
    of layers: JSON, at path: String, in model: JSON,
    registry: Registry<any Layer> = layerRegistry, blocks: Registry<any Block> = blockRegistry
  ) -> Problems {
    guard let entries = layers.elements else { return Problems() }
    var others = Problems()
    var expansion = Expansion(
      Definitions(model, at: "model", registry: registry, builtIn: blocks, &others))
    let scope = Expansion.Scope("the list")
    for (index, entry) in entries.enumerated() {
      // Which networks there are, a model that is wrong itself does not tell.
      if !others.isEmpty, entry["type"]?.string == NetworkUse.type { continue }
      // Names of others are known only where the whole list is put together.
      _ = expansion.readUnit(
        entry.without("parameters_of"), at: Settings.path(path, index), in: scope)
      if expansion.problems.list.count > Problems.shownAtMost { break }
    }
    return expansion.problems
  }
}

extension Expansion {
  /// A network by itself.
  mutating func network(_ network: Definitions.Network) -> Network {
    var scope = Scope(Self.owner(network), parameterPrefix: network.parameterPrefix)
    for input in network.definition.inputs.entries {
      let path = Settings.path(Settings.path(network.path, "inputs"), input.name)
      let source = graph.add(
        Graph.Input(input.name, input.value.shape, at: input.place, path: path))
      scope.addInput(input.name, source)
    }
    chain = ["network \(network.name)"]
    let (last, inner) = expand(
      network.definition.layers, at: Settings.path(network.path, "layers"), in: scope)
    let outputs =
      network.definition.outputs.map { find($0, in: inner, at: network.path) }
      ?? last?.first.map { [$0] }
    let lastName = inner.names.groups.last.flatMap(\.self) ?? inner.names.copies.last?.last
    return Network(
      name: network.name, graph: graph, outputs: outputs ?? [],
      outputNames: network.definition.outputs?.names ?? [lastName].compactMap(\.self))
  }
}
