public import Settings

/// A network as the file describes it.
public struct NetworkDefinition: Configurable {
  var description: String?
  var inputs = NamedValues<RowShape>()
  var layers: [JSON] = []
  var outputs: NameList?

  public init() {}

  public static var fields: [Field<NetworkDefinition>] {
    [
      Field("description", \.description, "What it is about, for people."),
      Field("inputs", \.inputs, "What the network reads: names, each with the shape of one row."),
      Field("layers", \.layers, required: true, .oneOrMore, "The layers, each after all it reads."),
      Field("outputs", \.outputs, "What the network gives: names of layers; if absent, the last."),
    ]
  }
}

/// A part of a network that layers may be made of, with parameters for what differs from use to use.
public struct BlockDefinition: Configurable {
  var description: String?
  var parameters = NamedValues<JSON>()
  var inputs = ["input"]
  var layers: [JSON] = []
  var outputs: NameList?

  public init() {}

  public static var fields: [Field<BlockDefinition>] {
    [
      Field("description", \.description, "What it is about, for people."),
      Field(
        "parameters", \.parameters,
        "Names with their defaults, null where a use must give a value; \"${name}\" in a layer stands for it, and \"${4 * name}\" for the sum."
      ),
      Field("inputs", \.inputs, "What the layers call the inputs of the block."),
      Field("layers", \.layers, required: true, .oneOrMore, "The layers, each after all it reads."),
      Field("outputs", \.outputs, "What the block gives: names of layers; if absent, the last."),
    ]
  }

  public var contradiction: String? {
    if let reserved = parameters.names.first(where: { LayerEntry.reserved.contains($0) }) {
      return "\"\(reserved)\" cannot be a parameter: it is a key that every layer has"
    }
    return inputs.lazy.compactMap(NameRule.objection).first
      ?? (Set(inputs).count < inputs.count ? "two inputs have the same name" : nil)
  }
}

/// A file of several networks.
public struct NetworkCollection: Configurable {
  var description: String?
  var networks = NamedValues<NetworkDefinition>()
  var blocks = NamedValues<BlockDefinition>()

  public init() {}

  public static var fields: [Field<NetworkCollection>] {
    [
      Field("description", \.description, "What it is about, for people."),
      Field("networks", \.networks, required: true, "The networks by name."),
      Field("blocks", \.blocks, "Blocks by name, which serve as types of layers."),
    ]
  }
}

extension Bounds where Value == [JSON] {
  static var oneOrMore: Bounds {
    Bounds("at least one", schema: [.init("minItems", 1)]) { !$0.isEmpty }
  }
}
