public import GraphIR
public import Layers
public import Settings

/// The JSON Schema (draft-07) of models, made from the fields of all layers and blocks.
///
/// The type of a layer is one of the registry or, in a model that defines `blocks`, any name at all: a schema cannot
/// compare it with the keys of another object. What stands in a block is checked no further than its type, as
/// `"${name}"` may stand for anything.
public enum ModelSchema {
  /// The definitions that fields of layers refer to.
  public static let kinds: [JSON.Member] = [
    .init(initializerRegistry.kind, initializerRegistry.definition())
  ]

  /// The schema of a model file.
  public static func document(
    _ registry: Registry<any Layer> = layerRegistry,
    blocks: Registry<any Block> = blockRegistry, kinds: [JSON.Member] = kinds
  ) -> JSON {
    FileSchema.document(
      title: "A model of dlcli", content: content(with: FileSchema.members),
      definitions: definitions(registry, blocks: blocks, kinds: kinds))
  }

  /// The schema of a model within another document that has `definitions`.
  public static let reference: JSON = ["$ref": "#/definitions/model"]

  /// The schema of a list of layers, those of an objective for one, within such a document.
  public static let layers: JSON = [
    "type": "array", "minItems": 1, "items": ["$ref": "#/definitions/layer_entry"],
  ]

  /// What the schemas of models and of lists of layers refer to.
  public static func definitions(
    _ registry: Registry<any Layer> = layerRegistry,
    blocks: Registry<any Block> = blockRegistry, kinds: [JSON.Member] = kinds
  ) -> [JSON.Member] {
    // An entry is a layer or a block: to an editor, types with keys.
    let entries = Registry<any Variant>(registry.kind, registry.variants + blocks.variants)
    let names = JSON(.array((entries.types + [NetworkUse.type]).map { JSON(.string($0)) }))
    let activation: JSON = [
      "description": "What is put behind the layer under the same name.",
      "anyOf": [
        ["type": "null"], ["enum": JSON(.array(registry.types.map { JSON(.string($0)) }))],
        ["type": "object", "required": ["type"]],
      ],
    ]
    let common = LayerEntry.schema.setting("properties", "activation", to: activation)["properties"]
    let members = common?.members ?? []
    let use = JSON.Member(
      "type", ["const": "network", "description": "Puts a whole network in its place."])
    return [
      .init("model", content(with: [])),
      .init("network", NetworkDefinition.schema.setting("properties", "layers", to: layers)),
      .init(
        "block",
        BlockDefinition.schema.setting(
          "properties", "layers", "items", to: ["$ref": "#/definitions/block_entry"])),
      .init(registry.kind, entries.definition(with: members)),
      .init("network_use", NetworkUse.schema(with: [use] + members)),
      .init(
        "layer_entry",
        [
          "if": known(names),
          "then": [
            "if": [
              "type": "object", "properties": ["type": ["const": "network"]], "required": ["type"],
            ],
            "then": ["$ref": "#/definitions/network_use"],
            "else": ["if": ["const": "network"], "else": registry.reference],
          ],
          "else": ["$ref": "#/definitions/block_entry"],
        ]),
      .init("known_entry", known(names)),
      .init(
        "block_entry",
        [
          "type": ["string", "object"], "required": ["type"],
          "properties": JSON(.object([.init("type", ["type": "string"])])),
        ]),
    ] + kinds
  }

  /// What is true of an entry whose type is one of `names`.
  private static func known(_ names: JSON) -> JSON {
    [
      "anyOf": [
        ["enum": names],
        ["type": "object", "required": ["type"], "properties": ["type": ["enum": names]]],
      ]
    ]
  }

  /// A file of one network or of several, with or without blocks.
  private static func content(with more: [JSON.Member]) -> JSON {
    let blocks: JSON = ["type": "object", "additionalProperties": ["$ref": "#/definitions/block"]]
    let single = NetworkDefinition.schema(with: more + [.init("blocks", blocks)])
      .setting("properties", "layers", to: layers)
    let several = NetworkCollection.schema(with: more)
      .setting(
        "properties", "networks", "additionalProperties", to: ["$ref": "#/definitions/network"]
      )
      .setting("properties", "blocks", to: blocks)
    let known: JSON = ["items": ["$ref": "#/definitions/known_entry"]]
    return [
      "if": ["required": ["networks"]], "then": several, "else": single,
      "allOf": [
        [
          "if": ["required": ["blocks"]],
          "else": [
            "properties": [
              "layers": known,
              "networks": ["additionalProperties": ["properties": ["layers": known]]],
            ]
          ],
        ]
      ],
    ]
  }
}
