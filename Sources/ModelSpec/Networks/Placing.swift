import GraphIR
import Settings

/// Puts what was read into the graph.
extension Expansion {
  static func owner(_ block: Definitions.Block) -> String { "the block \"\(block.name)\"" }
  static func owner(_ network: Definitions.Network) -> String { "the network \"\(network.name)\"" }

  /// Adds one copy of an entry to the graph, under a name.
  mutating func put(
    _ unit: Unit, as name: String, reading inputs: [Graph.Source], in scope: Scope
  ) -> Symbol {
    let fullName = scope.namePrefix + name
    let parameterPath = unit.parametersOf?.parameterPath ?? scope.parameterPrefix + name
    var symbol: Symbol
    switch unit.kind {
    case .layer(let layer):
      let node = add(unit, layer, fullName, parameterPath, inputs)
      symbol = .layer(node: node, first: .node(node, output: 0))
      origins[fullName] = Origin(type: type(of: layer).type, parameterPath: parameterPath)
    case .block(let block, let layers):
      var inner = Scope(
        Self.owner(block), namePrefix: "\(fullName)/", parameterPrefix: "\(parameterPath)/")
      for (name, source) in zip(block.definition.inputs, inputs) { inner.addInput(name, source) }
      symbol = putInside(
        "block \(block.name)", layers, at: Settings.path(block.path, "layers"),
        outputs: block.definition.outputs, inner, of: unit)
      origins[fullName] = Origin(type: block.name, parameterPath: parameterPath)
    case .network(let network, let isFrozen):
      let first = graph.nodes.count
      var inner = Scope(
        Self.owner(network), namePrefix: "\(fullName)/", parameterPrefix: network.parameterPrefix)
      for (name, source) in zip(network.definition.inputs.names, inputs) {
        inner.addInput(name, source)
      }
      symbol = putInside(
        "network \(network.name)", network.definition.layers,
        at: Settings.path(network.path, "layers"), outputs: network.definition.outputs, inner,
        of: unit)
      if isFrozen { graph.freeze(from: first) }
    }
    if let activation = unit.activation, let first = symbol.first {
      symbol = put(activation, behind: first, of: symbol, unit, fullName, parameterPath)
    }
    define(fullName, symbol)
    return symbol
  }

  private mutating func add(
    _ unit: Unit, _ layer: any Layer, _ name: String, _ parameterPath: String,
    _ inputs: [Graph.Source]
  ) -> Int {
    graph.add(
      Graph.Node(
        name, layer, inputs: inputs, parameterPath: parameterPath, at: unit.place, path: unit.path))
    return graph.nodes.count - 1
  }

  /// Puts an activation behind the first output; the others stay as they are.
  private mutating func put(
    _ activation: any Layer, behind first: Graph.Source, of symbol: Symbol, _ unit: Unit,
    _ name: String, _ parameterPath: String
  ) -> Symbol {
    let kind = type(of: activation).type
    let node = add(unit, activation, "\(name)/\(kind)", "\(parameterPath)/\(kind)", [first])
    let activated = Graph.Source.node(node, output: 0)
    return switch symbol {
    case .broken: .broken
    case .layer(let before, _): .layer(node: before, first: activated)
    case .outputs(let outputs): .outputs([activated] + outputs.dropFirst())
    }
  }

  /// Puts the layers of a block or a network, and finds what they give.
  private mutating func putInside(
    _ link: String, _ layers: [JSON], at path: String, outputs: NameList?, _ scope: Scope,
    of unit: Unit
  ) -> Symbol {
    guard !chain.contains(link), chain.count < Networks.maximumNesting else {
      problems.add(
        "\(scope.owner) would be within itself: "
          + (chain.drop { $0 != link } + [link]).suffix(8).joined(separator: " -> "),
        path: unit.path, at: unit.place)
      return .broken
    }
    chain.append(link)
    defer { chain.removeLast() }
    let (last, inner) = expand(layers, at: path, in: scope)
    guard let outputs else { return last ?? .broken }
    let sources = find(outputs, in: inner, at: path)
    return sources.map(Symbol.outputs) ?? .broken
  }

  /// The values that are given out of a list, by their names.
  mutating func find(_ outputs: NameList, in scope: Scope, at path: String) -> [Graph.Source]? {
    var scope = scope
    scope.index = scope.names.copies.count
    let sources = outputs.names.map { find($0, at: path, nil, in: scope) }
    return sources.contains(nil) ? nil : sources.compactMap(\.self)
  }
}
