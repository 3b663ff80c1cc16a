import Settings

/// Reads the entries that stand for more than one layer.
extension Expansion {
  /// An entry `{"type": "network", "network": "generator"}`.
  mutating func readNetworkUse(_ entry: JSON, at path: String) -> Unit.Kind? {
    let object = entry.members == nil ? JSON(.object([]), at: entry.place) : entry
    let others = LayerEntry.keys + ["type"]
    guard let use = NetworkUse.read(object, at: path, besides: others, &problems) else {
      return nil
    }
    let names = definitions.networks.map(\.name)
    guard let name = use.network else {
      if definitions.networks.count == 1 {
        return .network(definitions.networks[0], isFrozen: use.isFrozen)
      }
      problems.add(
        "\"network\" is missing: which of " + names.joined(separator: ", "), path: path,
        at: entry.place)
      return nil
    }
    guard let network = definitions.networks.first(where: { $0.name == name }) else {
      problems.add(
        "unknown network \(JSON(.string(name)).shown)" + suggestion(for: name, among: names),
        path: Settings.path(path, "network"), at: entry["network"]?.place)
      return nil
    }
    return .network(network, isFrozen: use.isFrozen)
  }

  /// An entry whose type is a block: its layers with the parameters put in.
  mutating func readBlockUse(
    _ entry: JSON, of block: Definitions.Block, at path: String
  ) -> [JSON]? {
    let count = problems.list.count
    let names = block.definition.parameters.names
    let others = LayerEntry.keys + ["type"]
    for member in entry.members ?? []
    where !names.contains(member.key) && !others.contains(member.key)
      && !member.key.hasPrefix("x-")
    {
      problems.add(
        "unknown key" + settingSuggestion(for: member.key, among: names + others),
        path: Settings.path(path, member.key), at: member.place)
    }
    var values: [String: JSON] = [:]
    for parameter in block.definition.parameters.entries {
      let value = entry[parameter.name] ?? parameter.value
      if value == JSON(.null) {
        problems.add(
          "\"\(parameter.name)\" is missing: a parameter of \(Self.owner(block))", path: path,
          at: entry.place)
      }
      values[parameter.name] = value
    }
    guard problems.list.count == count else { return nil }
    var filling = ParameterFilling(
      values, owner: Self.owner(block), allowance: weightAllowance - block.weight)
    let layers = filling.fill(
      JSON(.array(block.definition.layers)), at: Settings.path(block.path, "layers"))
    weightAllowance = filling.allowance
    problems.add(filling.problems)
    if weightAllowance < 0 {
      exhaust("the blocks grow too large", path, entry.place)
    }
    return filling.problems.isEmpty ? layers.elements : nil
  }
}
