public import Datasets
import Layers
public import ModelSpec
public import Settings

/// The keys of a configuration file.
struct ExperimentSettings: Configurable {
  var name = "model"
  var description: String?
  var seed = 0
  var data: DataSpec?
  var model = JSON(.null)
  var training: JSON?

  static let fields: [Field<ExperimentSettings>] = [
    Field("name", \.name, "Name of the run and of its folder"),
    Field("description", \.description, "What it is about, for people"),
    Field("seed", \.seed, .within(0...1 << 53), "Seed of every random number"),
    Field("data", \.data, "The training, validation and test data"),
    Field("model", \.model, required: true, "The model: the path of its file, or the model itself"),
    Field("training", \.training, "How it is trained"),
  ]
}

/// A configuration, read and checked as far as that is possible without data.
public struct Experiment: Sendable {
  public let name: String
  public let seed: UInt64
  public let data: DataSpec?
  public let networks: Networks
  public let stages: [Stage]
  /// All of it as one document, the model included and paths absolute: a checkpoint carries it.
  public let document: JSON
  /// The configuration as it was in force, but with the names of environment variables instead of what is in them, which
  /// may be secret; nil where no file was read.
  public private(set) var resolved: JSON?

  /// Where the document begins.
  public let place: Place?
  /// Where its data are described.
  public let dataPlace: Place?

  /// One stage and what it minimizes.
  public struct Stage: Sendable {
    public let name: String
    public let settings: StageSettings
    public let objectives: [ObjectiveSettings]
    public let metrics: [MetricSettings]
    /// Where it stands in the document.
    let path: String
    let place: Place?
    /// What the document says of it.
    let said: JSON

    /// What is wrong with a setting of its own or of one of its objectives, at the place of what is said there, or of the
    /// key before.
    func problem(_ message: String, of objective: Int? = nil, at keys: String...) -> Problem {
      var (value, path, place) = (said as JSON?, path, place)
      if let objective, let list = said["objectives"]?.elements {
        value = list[objective]
        path = Settings.path(Settings.path(path, "objectives"), objective)
      }
      for key in keys {
        value = value?[key]
        (path, place) = (Settings.path(path, key), value?.place ?? place)
      }
      return Problem(message, path: path, at: place)
    }
  }

  /// Reads a configuration; the texts of `--set` stand above the file.
  ///
  /// Throws: `ConfigError`, with everything that is wrong.
  public static func load(
    _ path: String, overrides: [String] = [], environment: [String: String]
  ) throws(ConfigError) -> Experiment {
    let file = try ConfigFile.load(path, overrides: overrides, environment: environment)
    var experiment = try Experiment(file.effective, environment: environment)
    experiment.resolved = file.resolved
    return experiment
  }

  /// Reads a document, such as a checkpoint carries.
  public init(_ document: JSON, environment: [String: String] = [:]) throws(ConfigError) {
    var problems = Problems()
    let document = document.withoutNulls()
    let settings = ExperimentSettings.read(document, at: "", &problems)
    let model = try Self.model(document["model"] ?? JSON(.null), environment)?.withoutNulls()
    var networks: Networks?
    if let model, model.content != .null {
      do throws(Problems) {
        networks = try Networks(
          model, at: document["model"]?.string == nil ? "model" : "", registry: layerRegistry)
      } catch { problems.add(error) }
    }
    let stages = Self.stages(settings?.training, &problems)
    guard problems.isEmpty, let settings, let networks else { throw .invalid(problems.unique) }
    name = settings.name
    seed = UInt64(settings.seed)
    data = settings.data
    self.networks = networks
    self.stages = stages
    var whole = settings
    whole.model = model ?? settings.model
    whole.training = settings.training.map(Initialization.anchored)
    self.document = whole.json
    (place, dataPlace) = (document.place, document["data"]?.place)
  }

  /// The document with what was learnt from the training data in it: classes, means, deviations.
  func document(fitted data: DataSpec) -> JSON {
    JSON(
      .object(
        (document.members ?? []).map { $0.key == "data" ? .init("data", data.json) : $0 }))
  }

  /// The model itself, or what its file says.
  private static func model(
    _ json: JSON, _ environment: [String: String]
  ) throws(ConfigError) -> JSON? {
    guard let path = json.string else { return json }
    return try ConfigFile.load(
      ConfigFile.resolve(path, of: json), environment: environment, namedAt: json.place
    ).effective
  }

  /// The stages of the key `training`, each with what stands beside them laid under it.
  private static func stages(_ training: JSON?, _ problems: inout Problems) -> [Stage] {
    guard let training else { return [] }
    guard let list = training["stages"] else {
      return [stage(training, at: "training", number: 0, &problems)].compactMap(\.self)
    }
    guard let entries = list.elements, !entries.isEmpty else {
      problems.expected("a list of stages", got: list, path: "training.stages")
      return []
    }
    let common = training.without("stages")
    return entries.enumerated().compactMap { number, entry in
      // What all stages begin with is there from the first one on; again it would undo that one.
      let common = number == 0 ? common : common.without("initialize")
      return stage(
        common.merging(entry).withoutNulls(), at: path("training.stages", number), number: number,
        &problems)
    }
  }

  private static func stage(
    _ json: JSON, at path: String, number: Int, _ problems: inout Problems
  ) -> Stage? {
    let short = Minimization.fields.map(\.name)
    guard let settings = StageSettings.read(json, at: path, besides: short, &problems) else {
      // The keys of a single loss are read all the same: all errors come at once, and none twice.
      if json["objectives"] == nil {
        _ = Minimization.read(json.only(short), at: path, &problems)
      }
      return nil
    }
    var objectives: [ObjectiveSettings] = []
    if let list = settings.objectives {
      for key in short {
        if let misplaced = json[key] {
          problems.add(
            "\"\(key)\" belongs to each of the objectives", path: Settings.path(path, key),
            at: misplaced.place)
        }
      }
      objectives =
        [ObjectiveSettings].read(list, at: Settings.path(path, "objectives"), &problems) ?? []
      checkNames(objectives, at: Settings.path(path, "objectives"), list, &problems)
    } else if let minimization = Minimization.read(json.only(short), at: path, &problems) {
      objectives = [ObjectiveSettings(minimization)]
    }
    let metrics = settings.metrics.enumerated().compactMap {
      MetricSettings.read($1, at: Settings.path(Settings.path(path, "metrics"), $0), &problems)
    }
    return Stage(
      name: settings.name ?? "stage_\(number + 1)", settings: settings, objectives: objectives,
      metrics: metrics, path: path, place: json.place, said: json)
  }

  private static func checkNames(
    _ objectives: [ObjectiveSettings], at path: String, _ json: JSON, _ problems: inout Problems
  ) {
    if objectives.isEmpty {
      problems.expected("at least one objective", got: json, path: path)
    }
    var seen: Set<String> = []
    for (number, objective) in objectives.enumerated()
    where !seen.insert(objective.name).inserted {
      problems.add(
        "two objectives are called \"\(objective.name)\"",
        path: Settings.path(Settings.path(path, number), "name"), at: json.elements?[number].place)
    }
  }
}
