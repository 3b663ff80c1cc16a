import Compilation
import Datasets
import GraphIR
import Kernels
public import Settings
import TensorCore

/// What an evaluation found.
public struct EvaluationOutcome: Sendable {
  /// Losses, then metrics, always in the same order; those of several objectives have the objective's name in front.
  public var results: [MetricResult] = []
  /// What says more than numbers can.
  public var tables: [TextTable] = []
  /// The same for programs, by the names of the metrics.
  public var details: [JSON.Member] = []

  /// The results that are about no single class.
  public var summary: [(name: String, value: Double)] {
    results.filter { !$0.isPerClass }.map { ($0.name, $0.value) }
  }

  /// The value of a result; nil for a name that there is not.
  public subscript(name: String) -> Double? { results.first { $0.name == name }?.value }
}

/// Computes losses and metrics over a whole split; the numbers depend on weights, rows and batch size alone.
struct Evaluator {
  let engine: Engine
  let stage: Int
  let objectives: [Objective]
  let settings: StageSettings

  /// The batches in which rows are evaluated: all of them, each once.
  static func sequence(
    _ rows: Pipeline, _ settings: StageSettings, _ objectives: [Objective]
  ) throws(Problems) -> BatchSequence {
    let carries = try objectives.last?.carries(batch: settings.partSize) ?? false
    let buckets = carries ? nil : settings.lengthBuckets
    return BatchSequence(
      count: rows.count, batchSize: settings.partSize, shuffledBy: nil, continues: carries,
      buckets: buckets.flatMap { LengthBuckets($0, of: rows) })
  }

  /// Evaluates all rows in their order, or so many batches of them.
  ///
  /// Throws: what reading a row throws, `Problems` for targets that a metric cannot make sense of, and `NonFiniteValue`
  /// for predictions that are not numbers and for losses that are not finite.
  func evaluate(
    _ pipeline: Pipeline, batches limit: Int = .max
  ) throws -> EvaluationOutcome {
    let sequence = try Self.sequence(pipeline, settings, objectives)
    let batches = Prefetcher(pipeline, sequence, until: 1, isTraining: false)
    var tallies: [Tally?] = objectives.map { _ in nil }
    engine.context.isTraining = false
    for number in objectives.indices {
      for shape in sequence.shapes {
        engine.session(Engine.Key(stage: stage, evaluated: number, batch: shape)).session
          .clearCarried()
      }
    }
    var number = 0
    var before: BatchShape?
    while number < limit, let batch = try batches.next() {
      engine.context.step = number
      number += 1
      for (number, objective) in objectives.enumerated() {
        let bound = engine.session(
          Engine.Key(stage: stage, evaluated: number, batch: batch.shape))
        if let before, batch.shape != before {
          // The stretches that go on are the first ones.
          let before = engine.session(Engine.Key(stage: stage, evaluated: number, batch: before))
          bound.session.takeCarried(from: before.session)
        }
        bound.feeds[0].feed(batch, from: 0, pool: engine.context.pool)
        bound.session.forward()
        var tally = try tallies[number] ?? Tally(objective, bound.session.plan.shaped)
        try tally.add(bound.session, rows: batch.count)
        tallies[number] = tally
      }
      before = batch.shape
      batch.release()
    }
    return tallies.compactMap(\.self).reduce(into: EvaluationOutcome()) {
      $0.results += $1.results
      $0.tables += $1.tables
      $0.details += $1.details
    }
  }

  /// The names of the results of every evaluation, in their order, and of what has details: those of an evaluation of
  /// no rows.
  ///
  /// Throws: `Problems` with every metric that does not suit what it measures, in batches of whichever shape.
  func names() throws(Problems) -> (results: [String], details: [String]) {
    var problems = Problems()
    var names: (results: [String], details: [String]) = ([], [])
    for (number, objective) in objectives.enumerated() {
      let graphs = engine.evaluated(stage: stage, objective: number)
      guard let first = graphs.first else { continue }
      do throws(Problems) {
        var tally = try Tally(objective, first)
        for graph in graphs.dropFirst() { try tally.reshape(to: graph) }
        names.results += tally.results.map(\.name)
        names.details += tally.details.map(\.key)
      } catch { problems.add(error) }
    }
    try problems.throwIfAny()
    return names
  }
}

/// The sums of one objective.
private struct Tally {
  private let objective: Objective
  private var sums: [Double]
  /// Over how many rows each loss is the mean, or steps where some are padding.
  private var counts: [Double]
  private var accumulators: [any MetricAccumulator] = []
  /// What each accumulator takes.
  private var shapes: [(prediction: Shape, target: Shape)] = []

  /// Throws: `Problems` with every metric that does not suit the values of the graph.
  init(_ objective: Objective, _ shaped: ShapedGraph) throws(Problems) {
    self.objective = objective
    sums = objective.losses.map { _ in 0 }
    counts = sums
    var problems = Problems()
    for measure in objective.measures {
      do throws(Problems) {
        accumulators.append(try measure.accumulator(for: shaped))
        shapes.append(measure.shapes(in: shaped))
      } catch { problems.add(error) }
    }
    try problems.throwIfAny()
  }

  /// Takes batches of the shapes of a graph from now on.
  ///
  /// Throws: `Problems` with every metric that cannot compare them with those before.
  mutating func reshape(to shaped: ShapedGraph) throws(Problems) {
    var problems = Problems()
    for (number, measure) in objective.measures.enumerated() {
      let shapes = measure.shapes(in: shaped)
      // A batch of fewer rows is no other shape of rows.
      guard
        shapes.prediction.dropFirst != self.shapes[number].prediction.dropFirst
          || shapes.target.dropFirst != self.shapes[number].target.dropFirst
      else { continue }
      do throws(MetricError) {
        try accumulators[number].reshape(prediction: shapes.prediction, target: shapes.target)
        self.shapes[number] = shapes
      } catch { problems.add(measure.problem(error.description)) }
    }
    try problems.throwIfAny()
  }

  mutating func add(_ session: Session<Float>, rows: Int) throws {
    try reshape(to: session.plan.shaped)
    for (number, loss) in objective.losses.enumerated() {
      let count = loss.mask.flatMap(session.value).map { $0.elements.reduce(0) { $0 + Double($1) } }
      let value = Double(session.value(loss.source)?[0] ?? .nan)
      guard value.isFinite else {
        throw NonFiniteValue("in evaluation, the loss \"\(objective.prefix + loss.name)\"", value)
      }
      sums[number] += value * (count ?? Double(rows))
      counts[number] += count ?? Double(rows)
    }
    for (number, measure) in objective.measures.enumerated() {
      guard let prediction = session.value(measure.prediction),
        let target = session.value(measure.target)
      else { continue }
      try checkNumbers(prediction, of: measure, session.context.pool)
      // Numbers of the data are what they are; those of a layer follow from weights.
      if case .node = measure.target, measure.target != measure.prediction {
        try checkNumbers(target, of: measure, session.context.pool)
      }
      do throws(MetricError) {
        if let mask = measure.mask.flatMap(session.value) {
          // As metrics know padding: a target below 0.
          var marked = zip(target.elements, mask.elements).map { $1 == 0 ? -1 : $0 }
          try accumulators[number].add(
            prediction: prediction.base, target: &marked, samples: rows)
        } else {
          try accumulators[number].add(
            prediction: prediction.base, target: target.base, samples: rows)
        }
      } catch {
        throw measure.problem(error.description)
      }
    }
  }

  private func checkNumbers(
    _ values: View<Float>, of measure: Objective.Measure, _ pool: WorkerPool
  ) throws(NonFiniteValue) {
    // The vector kernel tells almost always, and fast.
    guard !Reduction.isFinite(values.base, count: values.count, pool: pool),
      (0..<values.count).contains(where: { values[$0].isNaN })
    else { return }
    throw NonFiniteValue(
      "in evaluation, what the metric \"\(type(of: measure.settings.metric).type)\" measures", .nan)
  }

  var results: [MetricResult] {
    objective.losses.indices.map {
      MetricResult(objective.prefix + objective.losses[$0].name, sums[$0] / counts[$0])
    }
      + zip(objective.measures, accumulators).flatMap { measure, accumulator in
        accumulator.results().map {
          MetricResult(
            objective.prefix + measure.settings.title($0.name), $0.value, isPerClass: $0.isPerClass)
        }
      }
  }

  var tables: [TextTable] { accumulators.compactMap { $0.table() } }

  var details: [JSON.Member] {
    zip(objective.measures, accumulators).compactMap { measure, accumulator in
      accumulator.json().map {
        JSON.Member(
          objective.prefix + measure.settings.title(type(of: measure.settings.metric).type), $0)
      }
    }
  }
}

extension Objective.Measure {
  func shapes(in shaped: ShapedGraph) -> (prediction: Shape, target: Shape) {
    (shaped.shape(of: prediction), shaped.shape(of: target))
  }

  /// An empty accumulator.
  ///
  /// Throws: `Problems` at the metric's place where prediction and target do not suit it.
  func accumulator(for shaped: ShapedGraph) throws(Problems) -> any MetricAccumulator {
    do throws(MetricError) {
      if let mask, shaped.shape(of: target).count != shaped.shape(of: mask).count {
        throw MetricError(
          "the prediction has padding, which this metric cannot leave out: expected one class a step as target, "
            + "[N, T], got \(shaped.shape(of: target))")
      }
      let shapes = shapes(in: shaped)
      let accumulator = try settings.metric.accumulator(
        prediction: shapes.prediction, target: shapes.target,
        classNames: field?.classNames ?? [])
      return settings.isInOriginalUnits
        ? try OriginalUnits(
          accumulator, field, prediction: shapes.prediction, target: shapes.target)
        : accumulator
    } catch {
      throw problem(error.description)
    }
  }

  func problem(_ message: String) -> Problems {
    Problems(Problem(message, path: settings.path, at: settings.place))
  }
}
