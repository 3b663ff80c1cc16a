import ModelSpec
public import Settings

/// How one objective is minimized: keys that an objective has, and a stage with a single loss itself.
public struct Minimization: Configurable {
  public var optimizer = Choice<OptimizerKind>(Adam())
  public var update = [NamePattern("*")]
  public var clipNorm: Double?
  public var clipValue: Double?
  public var regularization: Regularization?
  public var undecayed: [NamePattern] = []

  public init() {}

  public static let fields: [Field<Minimization>] = [
    Field("optimizer", \.optimizer, required: true, "The rule of the steps"),
    Field("update", \.update, "Which parameters it changes"),
    Field("clip_norm", \.clipNorm, .above(0), "Largest norm of the gradient of all its parameters"),
    Field("clip_value", \.clipValue, .above(0), "Largest absolute value of a gradient's element"),
    Field("regularization", \.regularization, "Penalty on the size of parameters"),
    Field(
      "no_weight_decay", \.undecayed, "Parameters that the optimizer's weight decay leaves alone"),
  ]
}

/// One thing to minimize: a graph of layers over the batch's fields, and which of its values are losses.
public struct ObjectiveSettings: SettingValue {
  /// What an objective has beside the keys of `Minimization`.
  struct Own: Configurable {
    var name = ""
    var layers = JSON(.array([]))
    var minimize: [String: ScheduledNumber] = [:]
    var steps = 1

    static let fields: [Field<Own>] = [
      Field("name", \.name, required: true, "Name in the log and in checkpoints"),
      Field(
        "layers", \.layers, required: true,
        "Layers; what they read first are fields of the data, or values of earlier objectives by their full names"
      ),
      Field(
        "minimize", \.minimize, required: true,
        "Losses, by the names of their layers, and their weights"),
      Field("steps", \.steps, .atLeast(1), "Steps in a turn, all on one batch"),
    ]
  }

  var own: Own
  public var minimization: Minimization

  public var name: String { own.name }
  /// The graph; nil for the short form, whose graph is a network and its loss.
  var layers: JSON? { own.name.isEmpty ? nil : own.layers }

  /// The objective that a stage's `loss` is short for.
  init(_ minimization: Minimization) {
    own = Own()
    self.minimization = minimization
  }

  private init(own: Own, _ minimization: Minimization) {
    self.own = own
    self.minimization = minimization
  }

  public static var expectation: String { "an objective" }

  public static var schema: JSON {
    Minimization.schema(
      with: Own.schema["properties"]?.members ?? [], requiring: ["name", "layers", "minimize"])
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    let keys = Minimization.fields.map(\.name)
    let own = Own.read(json, at: path, besides: keys, &problems)
    let minimization = Minimization.read(json.only(keys), at: path, &problems)
    guard let own, let minimization else { return nil }
    if own.name.isEmpty || own.minimize.isEmpty {
      problems.add(
        own.name.isEmpty ? "an objective needs a name" : "nothing is minimized",
        path: path, at: json.place)
      return nil
    }
    return ObjectiveSettings(own: own, minimization)
  }

  public var json: JSON {
    JSON(.object((own.json.members ?? []) + (minimization.json.members ?? [])))
  }
}
