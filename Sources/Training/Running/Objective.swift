public import Compilation
public import Datasets
public import GraphIR
import Layers
import ModelSpec
public import Settings

/// An objective: what it minimizes, what it changes and what is measured of it.
public struct Objective: Sendable {
  /// A loss, by the name of its layer.
  public struct Loss: Sendable {
    public let name: String
    public let source: Graph.Source
    public let weight: RunningSchedule
    /// The mask of the steps that it counts, where some are padding.
    public let mask: Graph.Source?

    init(name: String, source: Graph.Source, weight: ScheduledNumber, in graph: Graph) {
      (self.name, self.source, self.weight) = (name, source, RunningSchedule(weight))
      guard case .node(let index, _) = source,
        (graph.nodes[index].layer as? any MaskedLayer)?.isMasked == true
      else {
        mask = nil
        return
      }
      mask = graph.nodes[index].inputs.last
    }
  }

  /// A metric, bound to two values of the graph.
  public struct Measure: Sendable {
    public let prediction: Graph.Source
    public let target: Graph.Source
    /// The mask of the prediction, where some steps are padding.
    public let mask: Graph.Source?
    public let settings: MetricSettings
    /// The field of the target.
    public let field: DataField?

    /// Itself with the result of the validation data that its metric asks for.
    func told(_ value: Double) -> Measure {
      Measure(
        prediction: prediction, target: target, mask: mask, settings: settings.told(value),
        field: field)
    }
  }

  /// Empty for the only objective of a stage.
  public let name: String
  /// That of all objectives of the stage so far; their layers have the names of their objectives in front.
  public let graph: Graph
  public let losses: [Loss]
  public private(set) var measures: [Measure]
  public let minimization: Minimization
  /// Steps in a turn.
  public let steps: Int
  private let freeze: [NamePattern]
  private let fields: [DataField]

  /// What stands before the names of its results: nothing for an only objective.
  var prefix: String { name.isEmpty ? "" : name + "/" }

  /// Itself with other metrics.
  func measuring(_ measures: [Measure]) -> Objective {
    var objective = self
    objective.measures = measures
    return objective
  }

  /// Whether it changes a parameter.
  public func trains(_ parameter: String) -> Bool {
    minimization.update.match(parameter) && !freeze.match(parameter)
  }

  /// The plan of a step of a stage on `batch` rows: a phase for each of its objectives.
  ///
  /// - Parameter steps: of padded fields, where the batch has fewer than they.
  public static func trainingPlan(
    of objectives: [Objective], batch: Int, steps: Int? = nil
  ) throws(Problems) -> Plan {
    var graph = objectives.last?.graph(steps: steps) ?? Graph()
    if let freeze = objectives.last?.freeze, !freeze.isEmpty {
      graph = try graph.freezing(batch: batch, where: freeze.match)
    }
    return try Plan.compile(
      graph, batch: batch,
      goals: objectives.map { objective in
        Plan.Goal(losses: objective.losses.map(\.source), isTrained: objective.trains)
      })
  }

  /// The plan that computes losses and measured values of `batch` rows.
  public func evaluationPlan(batch: Int, steps: Int? = nil) throws(Problems) -> Plan {
    try Plan.compile(
      graph(steps: steps), batch: batch,
      fetched: losses.map(\.source) + losses.compactMap(\.mask)
        + measures.flatMap { [$0.prediction, $0.target] } + measures.compactMap(\.mask))
  }

  /// The plan that computes nothing but the masks of the losses of `batch` rows; nil where none has one.
  func countingPlan(batch: Int, steps: Int?) throws(Problems) -> Plan? {
    let masks = losses.compactMap(\.mask)
    return masks.isEmpty
      ? nil : try Plan.compile(graph(steps: steps), batch: batch, fetched: masks)
  }

  /// The graph over batches whose padded fields have so many steps.
  private func graph(steps: Int?) -> Graph {
    graph.reshaped { input in
      fields.first { $0.name == input.name }?.limited(to: steps).shape ?? input.shape
    }
  }

  /// Whether a layer carries something from batch to batch, so that row n of a batch must follow row n of the one before.
  ///
  /// Throws: what does not fit in the graph, as the plans would.
  func carries(batch: Int) throws(Problems) -> Bool {
    try ShapedGraph(graph, batch: batch).signatures.contains { !$0.carried.isEmpty }
  }

  /// The objectives of a stage over data with these fields.
  ///
  /// Throws: every name that nothing bears, every input that no field fits.
  public static func all(
    of stage: Experiment.Stage, networks: Networks, fields: [DataField]
  ) throws(Problems) -> [Objective] {
    var problems = Problems()
    var objectives: [Objective] = []
    var search = MetricSearch()
    for (number, settings) in stage.objectives.enumerated() {
      do throws(Problems) {
        let objective = try build(
          settings, number, of: stage, networks: networks, fields: fields,
          extending: objectives.last?.graph ?? Graph(), &search)
        try objective.checkReading(of: objectives, settings, number, in: stage)
        objectives.append(objective)
      } catch { problems.add(error) }
    }
    search.report(stage.metrics, of: stage.objectives.count, &problems)
    try problems.throwIfAny()
    try objectives.last?.graph.checkClasses(of: fields)
    return objectives
  }

  /// Checks that what this objective reads of earlier ones was computed on the rows that it sees itself.
  private func checkReading(
    of earlier: [Objective], _ settings: ObjectiveSettings, _ number: Int,
    in stage: Experiment.Stage
  ) throws(Problems) {
    let start = earlier.last?.graph.nodes.count ?? 0
    let needed = neededNodes(of: graph, for: losses.map(\.source))
    guard let read = needed[..<start].lastIndex(of: true) else { return }
    let path = path(path(path(stage.path, "objectives"), number), "layers")
    guard stage.settings.accumulation == 1, (earlier + [self]).allSatisfy({ $0.steps == 1 })
    else {
      throw Problems(
        Problem(
          "\"\(name)\" reads \"\(graph.nodes[read].name)\" of another objective: then each must take one "
            + "step on the whole batch, without \"steps\" and without \"gradient_accumulation\"",
          path: path, at: settings.layers?.place))
    }
  }

  private static func build(
    _ settings: ObjectiveSettings, _ number: Int, of stage: Experiment.Stage, networks: Networks,
    fields: [DataField], extending graph: Graph, _ search: inout MetricSearch
  ) throws(Problems) -> Objective {
    var draft = Draft(
      fields: fields, prefix: settings.name.isEmpty ? "" : settings.name + "/", graph: graph)
    if let layers = settings.layers {
      let path = path(path(path(stage.path, "objectives"), number), "layers")
      draft.graph = try networks.graph(
        layers: layers, at: path, owner: "the objective \"\(settings.name)\"",
        inputs: fields.filter { field in !graph.inputs.contains { $0.name == field.name } }
          .map { Graph.Input($0.name, $0.shape) },
        extending: graph, prefix: draft.prefix)
      draft.takeLosses(settings, at: path, layers.place)
    } else {
      try draft.takeNetwork(of: stage, networks: networks)
      draft.takeLoss(of: stage)
    }
    let measures = draft.measures(stage.metrics, &search)
    try draft.problems.throwIfAny()
    return Objective(
      name: settings.name, graph: draft.graph, losses: draft.losses, measures: measures,
      minimization: settings.minimization, steps: settings.own.steps,
      freeze: stage.settings.freeze, fields: fields)
  }
}

/// An objective as it is put together.
private struct Draft {
  let fields: [DataField]
  /// What stands before the names of its layers.
  let prefix: String
  var graph: Graph
  var losses: [Objective.Loss] = []
  var problems = Problems()
  /// What metrics compare unless they say otherwise.
  private var prediction: Graph.Source?
  private var target: String?

  init(fields: [DataField], prefix: String, graph: Graph) {
    (self.fields, self.prefix, self.graph) = (fields, prefix, graph)
  }

  /// The short form's graph: one network, fed with the fields of its inputs' names.
  mutating func takeNetwork(
    of stage: Experiment.Stage, networks: Networks
  ) throws(Problems) {
    let network = try stage.network(of: networks)
    graph = network.graph
    for input in graph.inputs {
      guard let field = fields.first(where: { $0.name == input.name }) else {
        problems.add(
          "the network's input \"\(input.name)\" is no field of the data"
            + suggestion(for: input.name, among: fields.map(\.name)), path: input.path,
          at: input.place)
        continue
      }
      if field.shape != input.shape {
        problems.add(
          "the network's input \"\(input.name)\" is \(input.shape), the data's is \(field.shape)",
          path: input.path, at: input.place)
      }
    }
    prediction = network.outputs.first
  }

  /// The short form's loss.
  mutating func takeLoss(of stage: Experiment.Stage) {
    guard let json = stage.settings.loss else { return }
    let place = path(stage.path, "loss")
    guard let layer = LossSetting.read(json, at: place, &problems) else { return }
    var inputs: [Graph.Source] = []
    if let name = json["prediction"] {
      prediction = find(name, of: stage)
    }
    if let prediction { inputs.append(prediction) }
    if let name = json["target"] {
      target = name.string
      inputs += [field(name, at: path(place, "target"))].compactMap(\.self)
    }
    guard problems.isEmpty else { return }
    let node = Graph.Node(
      graph.names["loss"] == nil ? "loss" : "training loss", layer, inputs: inputs,
      parameterPath: "loss", at: json.place, path: place)
    let source = graph.add(node)
    losses = [
      Objective.Loss(name: "loss", source: source, weight: ScheduledNumber(1), in: graph)
    ]
  }

  /// The losses that the full form names.
  mutating func takeLosses(_ settings: ObjectiveSettings, at place: String, _ line: Place?) {
    for (name, weight) in settings.own.minimize.sorted(by: { $0.key < $1.key }) {
      guard let source = graph.names[prefix + name] else {
        problems.add(
          "nothing called \"\(name)\" can be minimized"
            + suggestion(for: name, among: names), path: place, at: line)
        continue
      }
      losses.append(Objective.Loss(name: name, source: source, weight: weight, in: graph))
    }
  }

  /// The metrics whose names this graph knows; what it does not know of the others goes to the search.
  mutating func measures(
    _ metrics: [MetricSettings], _ search: inout MetricSearch
  ) -> [Objective.Measure] {
    // Nothing stands for what a metric leaves out where that has a mistake itself.
    let isWhole = problems.isEmpty
    let known = Set(names + fields.map(\.name)).sorted()
    return metrics.enumerated().compactMap { number, settings in
      let compares = type(of: settings.metric).comparesWithTarget
      var prediction = prediction
      if let name = settings.prediction {
        prediction = graph.names[prefix + name]
        if prediction == nil, let field = fields.first(where: { $0.name == name }) {
          // A field is the same in all objectives: one of them measures it.
          if search.measures(number) { return nil }
          prediction = value(of: field, at: settings.place)
        }
      }
      guard let prediction else {
        let name = settings.prediction
        if isWhole || name != nil { search.miss(number, name, as: "prediction", among: known) }
        return nil
      }
      // What looks at a prediction alone is given it twice.
      guard compares else {
        search.found(number)
        return Objective.Measure(
          prediction: prediction, target: prediction, mask: graph.masks[prediction],
          settings: settings, field: fields.first { $0.name == settings.prediction })
      }
      let name = settings.target ?? target
      let field = fields.first { $0.name == name }
      guard
        let target = name.flatMap({ graph.names[prefix + $0] ?? graph.names[$0] })
          ?? field.map({ value(of: $0, at: settings.place) })
      else {
        if isWhole || name != nil { search.miss(number, name, as: "target", among: known) }
        return nil
      }
      search.found(number)
      return Objective.Measure(
        prediction: prediction, target: target, mask: graph.masks[prediction], settings: settings,
        field: field)
    }
  }

  /// What can be named, without the prefix.
  private var names: [String] {
    graph.names.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .sorted()
  }

  /// The prediction of the short form's loss.
  private mutating func find(_ json: JSON, of stage: Experiment.Stage) -> Graph.Source? {
    let path = path(path(stage.path, "loss"), "prediction")
    guard let name = String.read(json, at: path, &problems) else { return nil }
    if let source = graph.names[prefix + name] { return source }
    problems.add(stage.unknownLayer(name, at: json, among: names))
    return nil
  }

  /// A field of the data as an input of the graph.
  private mutating func field(_ json: JSON, at path: String) -> Graph.Source? {
    guard let name = String.read(json, at: path, &problems) else { return nil }
    guard let field = fields.first(where: { $0.name == name }) else {
      problems.add(
        "the data have no field \"\(name)\"" + suggestion(for: name, among: fields.map(\.name)),
        path: path, at: json.place)
      return nil
    }
    return value(of: field, at: json.place)
  }

  private mutating func value(of field: DataField, at place: Place?) -> Graph.Source {
    let known = graph.inputs.firstIndex { $0.name == field.name }
    return known.map { .input($0) } ?? graph.add(Graph.Input(field.name, field.shape, at: place))
  }
}
