import GraphIR
import Settings

/// What the entries of a list read.
extension Expansion {
  /// Finds the values that an entry reads, or reports why there are none and returns nil.
  ///
  /// `unit` is nil where the entry itself is broken; then only what it says is looked at.
  mutating func readInputs(
    of entry: JSON, for unit: Unit?, at path: String, in scope: Scope, after before: Symbol?
  ) -> [Graph.Source]? {
    guard let said = entry["inputs"] else {
      return unit.flatMap { defaultInputs(of: $0, in: scope, after: before) }
    }
    let inputsPath = Settings.path(path, "inputs")
    let sources = NameList.placed(said, at: inputsPath).map {
      find($0.name, at: $0.path, $0.place, in: scope)
    }
    guard let unit, !sources.contains(nil) else { return nil }
    return checkCount(sources.compactMap(\.self), of: unit, path: inputsPath, at: said.place)
  }

  /// The layer before, or the only input for the first; nothing for what reads nothing.
  private mutating func defaultInputs(
    of unit: Unit, in scope: Scope, after before: Symbol?
  ) -> [Graph.Source]? {
    if readsNothing(unit) { return [] }
    let source: Graph.Source?
    if let before {
      source = before.first
    } else if scope.inputs.count == 1 {
      source = scope.inputs[0].source
    } else {
      let names = scope.inputs.map { "\"\($0.name)\"" }.joined(separator: ", ")
      problems.add(
        scope.inputs.isEmpty
          ? "the first layer of \(scope.owner) has nothing to read: \(scope.owner) has no inputs"
          : "\"inputs\" is missing: the first layer of \(scope.owner) can read \(names)",
        path: unit.path, at: unit.place)
      return nil
    }
    guard let source else { return nil }
    return checkCount([source], of: unit, path: unit.path, at: unit.place)
  }

  private func readsNothing(_ unit: Unit) -> Bool {
    switch unit.kind {
    // What makes values of its own (noise) has a shape without any input.
    case .layer(let layer): (try? layer.signature(for: [], batch: 1)) != nil
    case .block(let block, _): block.definition.inputs.isEmpty
    case .network(let network, _): network.definition.inputs.entries.isEmpty
    }
  }

  /// The sources, if a block or a network takes so many; what a layer takes its shape rule says later.
  private mutating func checkCount(
    _ sources: [Graph.Source], of unit: Unit, path: String, at place: Place?
  ) -> [Graph.Source]? {
    let owner: String
    let names: [String]
    switch unit.kind {
    case .layer: return sources
    case .block(let block, _): (owner, names) = (Self.owner(block), block.definition.inputs)
    case .network(let network, _):
      (owner, names) = (Self.owner(network), network.definition.inputs.names)
    }
    guard names.count == sources.count else {
      problems.add(
        "\(owner) reads \(names.count) (\(names.joined(separator: ", "))), got \(sources.count)",
        path: path, at: place)
      return nil
    }
    return sources
  }

  /// The value that a reference such as `lstm_1:1` means, or a report and nil.
  mutating func find(
    _ reference: String, at path: String, _ place: Place?, in scope: Scope
  ) -> Graph.Source? {
    let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard parts.count == 2 else { return find(name, output: nil, at: path, place, in: scope) }
    guard let output = Int(parts[1]), (0..<Networks.maximumOutputs).contains(output) else {
      problems.add(
        "expected the number of an output behind \":\", as in \"\(name):1\", got \"\(parts[1])\"",
        path: path, at: place)
      return nil
    }
    return find(name, output: output, at: path, place, in: scope)
  }

  private mutating func find(
    _ name: String, output: Int?, at path: String, _ place: Place?, in scope: Scope
  ) -> Graph.Source? {
    var outputs: [Graph.Source]
    if let source = scope.input(name) {
      outputs = [source]
    } else {
      let earlier = scope.readsEarlierLists ? symbols[name] : nil
      switch symbols[scope.namePrefix + name] ?? earlier {
      case .layer(let node, let first)?:
        // How many outputs the layer has follows from shapes; the compiler checks the number.
        return output.map { $0 == 0 ? first : .node(node, output: $0) } ?? first
      case .outputs(let list)?: outputs = list
      case .broken?: return nil
      case nil:
        if !isBroken(name, in: scope) { reportUnknown(name, at: path, place, in: scope) }
        return nil
      }
    }
    guard outputs.indices.contains(output ?? 0) else {
      problems.add(
        "\"\(name)\" has \(outputs.count) output(s), counted from 0; got \"\(name):\(output ?? 0)\"",
        path: path, at: place)
      return nil
    }
    return outputs[output ?? 0]
  }

  /// Whether a name is that of an earlier entry, or of something in one, that has a mistake.
  func isBroken(_ name: String, in scope: Scope) -> Bool {
    let front = name.split(separator: "/", maxSplits: 1).first.map(String.init) ?? name
    guard let owner = scope.names.owners[front], owner < scope.index else { return false }
    if case .broken? = symbols[scope.namePrefix + front] { return true }
    return symbols[scope.namePrefix + front] == nil
  }

  /// Reports a name that nothing before has.
  mutating func reportUnknown(_ name: String, at path: String, _ place: Place?, in scope: Scope) {
    if let owner = scope.names.owners[name], owner >= scope.index {
      let relation = owner == scope.index ? "is this layer itself" : "comes later"
      problems.add(
        "\"\(name)\" \(relation): a layer reads only what is before it, so that there is no cycle",
        path: path, at: place)
      return
    }
    let outside = symbols.keys.filter {
      scope.readsEarlierLists
        && (scope.namePrefix.isEmpty ? !$0.contains("/") : !$0.hasPrefix(scope.namePrefix))
    }
    let before = scope.names.owners.filter { $0.value < scope.index }.keys
    let known = Set(scope.inputs.map(\.name) + before + outside)
      .filter { scope.names.owners[$0].map { $0 < scope.index } ?? true }
    problems.add(
      "\(scope.owner) has no \(JSON(.string(name)).shown) before this layer"
        + suggestion(for: name, among: known.sorted()),
      path: path, at: place)
  }
}
