public import Datasets
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
    Field("name", \.name, .runName, "Name of the run and of its folder"),
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

    /// What is wrong with a setting of its own or of one of its objectives, at the place of what is said there, or of
    /// the key before.
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
    let (file, unfilled) = try ConfigFile.read(path, overrides: overrides, environment: environment)
    return try Experiment(file, unfilled, file.effective, environment: environment)
  }

  /// Reads what a file says, or the document that stands for it, of which something could not be filled in.
  init(
    _ file: ConfigFile, _ unfilled: Problems, _ document: JSON, environment: [String: String]
  ) throws(ConfigError) {
    do throws(ConfigError) {
      try self.init(document, environment: environment)
    } catch { throw error.following(unfilled) }
    if !unfilled.isEmpty { throw .invalid(unfilled) }
    resolved = file.resolved
  }

  /// Reads a document, such as a checkpoint carries.
  public init(_ document: JSON, environment: [String: String] = [:]) throws(ConfigError) {
    let document = document.withoutNulls()
    var reading = ExperimentReading(document)
    try reading.read(environment)
    guard let settings = reading.settings, let networks = reading.networks else {
      throw .invalid(reading.problems.unique)
    }
    name = settings.name
    seed = UInt64(settings.seed)
    data = settings.data
    self.networks = networks
    stages = reading.stages
    var whole = settings
    whole.model = reading.model ?? settings.model
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
}
