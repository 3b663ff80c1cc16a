public import Settings

/// The keys that every entry of a list of layers has, beside those of its type.
public struct LayerEntry: Configurable {
  var name: String?
  var inputs: NameList?
  var activation: JSON?
  var repeats = 1
  var parametersOf: String?

  public init() {}

  /// Made once: every layer of every copy of a block is read by it.
  public static let fields: [Field<LayerEntry>] = [
    Field(
      "name", \.name, .aName,
      "What others call it; if absent, the type and a number: conv2d_1, conv2d_2."),
    Field(
      "inputs", \.inputs,
      "What it reads, a name or a list of names, \"name:1\" for the second output; if absent, the layer before."
    ),
    Field(
      "activation", \.activation,
      "A type of layer, or an object with its type, that is put behind this one under the same name."
    ),
    Field(
      "repeat", \.repeats, .within(1...Networks.maximumNodes),
      "How many to put one behind the other, as name_1, name_2, ..."),
    Field(
      "parameters_of", \.parametersOf,
      "The name of an earlier layer of this type whose parameters this one uses."),
  ]

  /// The names of the keys.
  static let keys = fields.map(\.name)
  /// The keys that no block may have as a parameter; `activation` it may, and then it means what the block says.
  static let reserved = (["type"] + keys).filter { $0 != "activation" }
}

extension Bounds where Value == String {
  static var aName: Bounds {
    Bounds(
      "without / : * ? [ ] and spaces", schema: [.init("pattern", .init(.string(NameRule.pattern)))]
    ) { NameRule.objection(to: $0) == nil }
  }
}

/// The keys of an entry that puts a whole network in its place.
public struct NetworkUse: Configurable {
  /// The type of such an entry.
  public static let type = "network"

  var network: String?
  var isFrozen = false

  public init() {}

  public static var fields: [Field<NetworkUse>] {
    [
      Field(
        "frozen", \.isFrozen,
        "Whether its layers use their averages in training too and leave them as they are, as those of a network "
          + "that only judges; parameters are kept by \"update\" or \"freeze\"."
      ),
      Field(
        "network", \.network,
        "The name of the network, whose parameters all uses share; may be absent where there is but one."
      ),
    ]
  }
}
