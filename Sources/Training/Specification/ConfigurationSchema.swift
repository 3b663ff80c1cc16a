import Datasets
import GraphIR
import Layers
import ModelSpec
public import Settings

/// The JSON Schemas (draft-07) that editors complete and check files by, made from the field tables.
public enum ConfigurationSchema {
  /// That of a model file.
  public static var model: JSON {
    ModelSchema.document(layerRegistry, kinds: [initializers])
  }

  /// That of a configuration.
  public static var train: JSON {
    let stage = stageMembers
    let training = StageSettings.schema(
      with: Minimization.schema["properties"]?.members ?? [])
    let definitions: [JSON.Member] =
      ModelSchema.definitions(layerRegistry, kinds: [initializers]) + [
        .init(optimizerRegistry.kind, optimizerRegistry.definition()),
        .init(scheduleRegistry.kind, scheduleRegistry.definition()),
        .init(
          metricRegistry.kind,
          metricRegistry.definition(with: MetricSettings.members)),
        .init(readerRegistry.kind, SplitSpec.definition),
        .init(transformRegistry.kind, transformRegistry.definition()),
        .init(tokenizerRegistry.kind, tokenizerRegistry.definition()),
        .init("loss", lossDefinition),
        .init("objective", objectiveDefinition),
        .init("training", open(training, with: stage)),
      ]
    let content = ExperimentSettings.schema
      .setting("properties", "model", to: ["anyOf": [["type": "string"], ModelSchema.reference]])
      .setting("properties", "training", to: ["$ref": "#/definitions/training"])
    return FileSchema.document(
      title: "A configuration of dlcli", content: with(content, FileSchema.members),
      definitions: definitions)
  }

  private static var initializers: JSON.Member {
    .init(initializerRegistry.kind, initializerRegistry.definition())
  }

  private static func named(_ key: String) -> JSON.Member { .init(key, ["type": "string"]) }

  /// A loss of the short form: one of the losses, with the names of what it compares.
  private static var lossDefinition: JSON {
    LossSetting.registry.definition(with: LossSetting.names.map(named), replacing: true)
  }

  private static var objectiveDefinition: JSON {
    ObjectiveSettings.schema.setting("properties", "layers", to: ModelSchema.layers)
  }

  /// Keys of a stage whose values are described elsewhere.
  private static var stageMembers: [JSON.Member] {
    [
      .init("loss", ["$ref": "#/definitions/loss"]),
      .init(
        "objectives",
        ["type": "array", "minItems": 1, "items": ["$ref": "#/definitions/objective"]]),
      .init("metrics", ["type": "array", "items": metricRegistry.reference]),
    ]
  }

  /// The schema of `training`: a stage, or stages with what is common to them beside; so no key is required.
  private static func open(_ stage: JSON, with members: [JSON.Member]) -> JSON {
    var schema = stage.without("required")
    for member in members {
      schema = schema.setting("properties", member.key, to: member.value)
    }
    let stages: JSON = [
      "type": "array", "minItems": 1, "items": ["$ref": "#/definitions/training"],
      "description": "Parts of the run, one after the other",
    ]
    return schema.setting("properties", "stages", to: stages)
  }

  /// An object's schema with more properties.
  private static func with(_ schema: JSON, _ members: [JSON.Member]) -> JSON {
    members.reduce(schema) { $0.setting("properties", $1.key, to: $1.value) }
  }
}
