import GraphIR
import Settings

/// Everything that layers can be made of.
struct Definitions: Sendable {
  struct Network: Sendable {
    let name: String
    let definition: NetworkDefinition
    let path: String
    let place: Place?
    /// The front part of its parameters' names: `generator/`, or nothing where there is but one network.
    let parameterPrefix: String
  }
  struct Block: Sendable {
    let name: String
    let definition: BlockDefinition
    let path: String
    /// How much a copy of its layers asks for.
    let weight: Int
  }

  /// What the network of a file is called that does not name it.
  static let onlyNetwork = "model"

  let registry: Registry<any Layer>
  /// The blocks that are there without a spec's doing.
  let builtIn: Registry<any GraphIR.Block>
  private(set) var networks: [Network] = []
  private(set) var blocks: [String: Block] = [:]

  /// Reads a model; reports what is wrong outside of the layers.
  init(
    _ json: JSON, at path: String, registry: Registry<any Layer>,
    builtIn: Registry<any GraphIR.Block>, _ problems: inout Problems
  ) {
    self.registry = registry
    self.builtIn = builtIn
    var blocks: NamedValues<BlockDefinition>?
    if json["networks"] != nil {
      let collection = NetworkCollection.read(json, at: path, &problems)
      blocks = collection?.blocks
      let inner = Settings.path(path, "networks")
      networks = (collection?.networks.entries ?? []).map {
        Network(
          name: $0.name, definition: $0.value, path: Settings.path(inner, $0.name), place: $0.place,
          parameterPrefix: "\($0.name)/")
      }
      if let collection, collection.networks.entries.isEmpty {
        problems.add("there is no network", path: inner, at: json["networks"]?.place)
      }
    } else {
      blocks = json["blocks"].flatMap {
        NamedValues.read($0, at: Settings.path(path, "blocks"), &problems)
      }
      let network = NetworkDefinition.read(json, at: path, besides: ["blocks"], &problems)
      networks =
        network.map {
          [
            Network(
              name: Self.onlyNetwork, definition: $0, path: path, place: json.place,
              parameterPrefix: "")
          ]
        } ?? []
    }
    add(blocks ?? NamedValues(), at: Settings.path(path, "blocks"), &problems)
  }

  private mutating func add(
    _ blocks: NamedValues<BlockDefinition>, at path: String, _ problems: inout Problems
  ) {
    for entry in blocks.entries {
      let path = Settings.path(path, entry.name)
      if entry.name == NetworkUse.type || registry.variant(entry.name) != nil
        || builtIn.variant(entry.name) != nil
      {
        problems.add(
          "\"\(entry.name)\" is already a type of layer; give the block another name", path: path,
          at: entry.place)
      }
      self.blocks[entry.name] = Block(
        name: entry.name, definition: entry.value, path: path,
        weight: JSON(.array(entry.value.layers)).weight)
    }
  }

  /// The values that `type` may have, for messages.
  var types: [String] {
    registry.types + builtIn.types + blocks.keys.sorted() + [NetworkUse.type]
  }
}
