import GraphIR
import Settings

/// One entry of a list of layers, read.
struct Unit {
  enum Kind {
    case layer(any Layer)
    /// A block, with its layers as this use has them.
    case block(Definitions.Block, [JSON])
    case network(Definitions.Network, isFrozen: Bool)
  }

  let kind: Kind
  let activation: (any Layer)?
  /// Whose parameters it uses, if not its own.
  let parametersOf: Expansion.Origin?
  let place: Place?
  let path: String
}

extension Expansion {
  /// Reads an entry, or reports what is wrong with it and returns nil.
  mutating func readUnit(_ entry: JSON, at path: String, in scope: Scope) -> Unit? {
    let count = problems.list.count
    let type = entry.string ?? entry["type"]?.string
    let kind: Unit.Kind?
    var ownKeys: Set<String> = []
    if type == NetworkUse.type {
      kind = readNetworkUse(entry, at: path)
    } else if let type, let block = definitions.blocks[type] {
      ownKeys = Set(block.definition.parameters.names)
      kind = readBlockUse(entry, of: block, at: path).map { .block(block, $0) }
    } else if let type, let variant = definitions.registry.variant(type) {
      ownKeys = keysOfLayer(type, variant)
      let others = LayerEntry.keys.filter { !ownKeys.contains($0) }
      kind = definitions.registry.read(entry, at: path, besides: others, &problems)
        .map(Unit.Kind.layer)
    } else if let type, let variant = definitions.builtIn.variant(type) {
      ownKeys = keysOfLayer(type, variant)
      let others = LayerEntry.keys.filter { !ownKeys.contains($0) }
      kind = definitions.builtIn.read(entry, at: path, besides: others, &problems)
        .map { .block($0, at: path, entry.place) }
    } else {
      kind = nil
      reportType(of: entry, at: path)
    }
    let common = JSON(
      .object(
        (entry.members ?? []).filter {
          LayerEntry.keys.contains($0.key) && !ownKeys.contains($0.key)
        }), at: entry.place)
    guard let settings = LayerEntry.read(common, at: path, &problems) else { return nil }
    let activation = readActivation(settings.activation, at: Settings.path(path, "activation"))
    let origin = settings.parametersOf.flatMap {
      readOrigin($0, type: type ?? "", entry: entry, at: path, in: scope)
    }
    guard let kind, problems.list.count == count else { return nil }
    return Unit(
      kind: kind, activation: activation, parametersOf: origin, place: entry.place, path: path)
  }

  private mutating func reportType(of entry: JSON, at path: String) {
    guard let name = entry.string ?? entry["type"]?.string else {
      // The registry says what is wrong with a type that is no string.
      _ = definitions.registry.read(entry, at: path, &problems)
      return
    }
    problems.add(
      "unknown layer \(JSON(.string(name)).shown)"
        + settingSuggestion(for: name, among: definitions.types),
      path: Settings.path(path, "type"), at: entry["type"]?.place ?? entry.place)
  }

  private mutating func keysOfLayer(_ type: String, _ variant: any Variant.Type) -> Set<String> {
    if let known = keys[type] { return known }
    func open<Kind: Variant>(_ variant: Kind.Type) -> Set<String> { Set(Kind.fields.map(\.name)) }
    let found = open(variant)
    keys[type] = found
    return found
  }

  private mutating func readActivation(_ json: JSON?, at path: String) -> (any Layer)? {
    guard let json, json != JSON(.null) else { return nil }
    if let name = json.string ?? json["type"]?.string, definitions.registry.variant(name) == nil {
      problems.add(
        "unknown layer \(JSON(.string(name)).shown)"
          + settingSuggestion(for: name, among: definitions.registry.types, advising: true),
        path: Settings.path(path, "type"), at: json["type"]?.place ?? json.place)
      return nil
    }
    return definitions.registry.read(json, at: path, &problems)
  }

  private mutating func readOrigin(
    _ name: String, type: String, entry: JSON, at path: String, in scope: Scope
  ) -> Origin? {
    let path = Settings.path(path, "parameters_of")
    let place = entry["parameters_of"]?.place
    if type == NetworkUse.type {
      problems.add("the uses of a network share their parameters anyway", path: path, at: place)
      return nil
    }
    guard let origin = origins[scope.namePrefix + name] else {
      if !isBroken(name, in: scope) { reportUnknown(name, at: path, place, in: scope) }
      return nil
    }
    let layer = definitions.registry.variant(type) as? any Layer.Type
    guard origin.type == type || layer?.sharesParametersOf.contains(origin.type) == true else {
      problems.add(
        "\"\(name)\" is a \(origin.type), whose parameters a \(type) cannot use", path: path,
        at: place)
      return nil
    }
    return origin
  }
}

extension Unit.Kind {
  /// A built-in block; messages about its layers name the entry that uses it.
  fileprivate static func block(
    _ block: any GraphIR.Block, at path: String, _ place: Place?
  ) -> Unit.Kind {
    var definition = BlockDefinition()
    definition.inputs = type(of: block).inputs
    let layers = block.layers.map { JSON($0.content, at: place) }
    return .block(
      .init(name: type(of: block).type, definition: definition, path: path, weight: 0), layers)
  }
}
