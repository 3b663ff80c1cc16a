import Compilation
import GraphIR
import Layers
import ModelSpec
import Settings

/// Reads the parts of a configuration, each as far as the others let it, so that all that is wrong comes at once.
struct ExperimentReading {
  private let document: JSON
  private(set) var problems = Problems()
  /// Why the file of the model cannot be read.
  private var absence: ConfigError?
  private(set) var settings: ExperimentSettings?
  /// The model itself, or what its file says.
  private(set) var model: JSON?
  private(set) var networks: Networks?
  private(set) var stages: [Experiment.Stage] = []

  init(_ document: JSON) { self.document = document }

  /// Reads everything.
  ///
  /// Throws: `ConfigError` with all that is wrong.
  mutating func read(_ environment: [String: String]) throws(ConfigError) {
    settings = ExperimentSettings.read(document, at: "", &problems)
    readModel(environment)
    readStages()
    for stage in stages { checkPrediction(of: stage) }
    checkNetworks()
    // A file that is missing is another kind of mistake than a wrong one, and ends commands with another code.
    if let absence { throw absence }
    if !problems.isEmpty { throw .invalid(problems.unique) }
  }

  private mutating func readModel(_ environment: [String: String]) {
    guard let said = document["model"] else { return }
    model = said
    if let path = said.string {
      do throws(ConfigError) {
        let (file, unfilled) = try ConfigFile.read(
          ConfigFile.resolve(path, of: said), environment: environment, namedAt: said.place)
        problems.add(unfilled)
        model = file.effective
      } catch {
        switch error {
        case .file: absence = error
        case .invalid(let wrong): problems.add(wrong)
        }
        model = nil
        return
      }
    }
    guard let model = model?.withoutNulls() else { return }
    self.model = model
    let known = problems
    do throws(Problems) {
      networks = try Networks(model, at: modelPath, registry: layerRegistry)
    } catch { problems = ConfigError.invalid(error).following(known).problems }
  }

  /// Where the model stands in its file.
  private var modelPath: String { document["model"]?.string == nil ? "model" : "" }

  /// The stages of the key `training`, each with what stands beside them laid under it.
  private mutating func readStages() {
    guard let training = document["training"] else { return }
    guard let list = training["stages"] else {
      stages = [stage(training, at: "training", number: 0)].compactMap(\.self)
      return
    }
    guard let entries = list.elements, !entries.isEmpty else {
      return problems.expected("a list of stages", got: list, path: "training.stages")
    }
    let common = training.without("stages")
    for (number, entry) in entries.enumerated() {
      // What all stages begin with is there from the first one on; again it would undo that one.
      let common = number == 0 ? common : common.without("initialize")
      let stage = stage(
        common.merging(entry).withoutNulls(), at: path("training.stages", number), number: number)
      if let stage { stages.append(stage) }
    }
  }

  private mutating func stage(_ json: JSON, at path: String, number: Int) -> Experiment.Stage? {
    let short = Minimization.fields.map(\.name)
    let settings = StageSettings.read(json, at: path, besides: short, &problems)
    let objectives = objectives(of: json, at: path)
    let metrics = (json["metrics"]?.elements ?? []).enumerated().compactMap {
      MetricSettings.read($1, at: Settings.path(Settings.path(path, "metrics"), $0), &problems)
    }
    if let loss = json["loss"] {
      _ = LossSetting.read(loss, at: Settings.path(path, "loss"), &problems)
    }
    guard let settings else { return nil }
    return Experiment.Stage(
      name: settings.name ?? "stage_\(number + 1)", settings: settings, objectives: objectives,
      metrics: metrics, path: path, place: json.place, said: json)
  }

  private mutating func objectives(of json: JSON, at path: String) -> [ObjectiveSettings] {
    let short = Minimization.fields.map(\.name)
    guard let list = json["objectives"] else {
      let minimization = Minimization.read(json.only(short), at: path, &problems)
      return minimization.map { [ObjectiveSettings($0)] } ?? []
    }
    for key in short {
      if let misplaced = json[key] {
        problems.add(
          "\"\(key)\" belongs to each of the objectives", path: Settings.path(path, key),
          at: misplaced.place)
      }
    }
    let path = Settings.path(path, "objectives")
    let objectives = [ObjectiveSettings].read(list, at: path, &problems)
    if let objectives { checkNames(objectives, at: path, list) }
    for (number, entry) in (list.elements ?? []).enumerated() {
      guard let layers = entry["layers"], let model else { continue }
      problems.add(
        Networks.problems(
          of: layers, at: Settings.path(Settings.path(path, number), "layers"), in: model,
          registry: layerRegistry))
    }
    return objectives ?? []
  }

  private mutating func checkNames(
    _ objectives: [ObjectiveSettings], at path: String, _ json: JSON
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

  /// Looks at the shapes within each network where something else is wrong; alone they are for the plan to say.
  private mutating func checkNetworks() {
    guard !problems.isEmpty else { return }
    for network in networks?.all ?? [] {
      do throws(Problems) {
        _ = try ShapedGraph(network.graph, batch: stages.first?.settings.partSize ?? 1)
      } catch { problems.add(error) }
    }
  }

  /// Looks for the network and the layer that the short form names.
  private mutating func checkPrediction(of stage: Experiment.Stage) {
    guard let networks, let loss = stage.settings.loss else { return }
    do throws(Problems) {
      let graph = try stage.network(of: networks).graph
      if let json = loss["prediction"], let name = json.string, graph.names[name] == nil {
        problems.add(
          stage.unknownLayer(name, at: json, among: graph.names.keys.sorted()))
      }
    } catch { problems.add(error) }
  }
}

extension Experiment.Stage {
  /// The network that the short form trains.
  ///
  /// Throws: `Problems` where there is none of its name, or several and none is named.
  func network(of networks: Networks) throws(Problems) -> Network {
    let names = networks.names
    let name = settings.network ?? names.first ?? ""
    if settings.network != nil || names.count == 1, let network = networks[name] { return network }
    throw Problems(
      problem(
        settings.network.map { "no network \"\($0)\"" + suggestion(for: $0, among: names) }
          ?? "the model has several networks, so \"network\" must say which one is trained",
        at: "network"))
  }

  /// The prediction of the short form's loss, which no layer bears.
  func unknownLayer(_ name: String, at json: JSON, among names: [String]) -> Problems {
    Problems(
      Problem(
        "no layer is called \"\(name)\"" + suggestion(for: name, among: names),
        path: Settings.path(Settings.path(path, "loss"), "prediction"), at: json.place))
  }
}
