import Compilation
import Datasets
import GraphIR
import Settings
import TensorCore

/// What an evaluation found.
public struct EvaluationOutcome: Sendable {
  /// Losses, then metrics, always in the same order; those of several objectives have the objective's name in front.
  public var results: [MetricResult] = []
  /// What says more than numbers can.
  public var tables: [TextTable] = []

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
  /// Rows of a plan.
  let size: Int

  /// Evaluates all rows in their order.
  ///
  /// Throws: what reading a row throws, and what a metric cannot make sense of.
  func evaluate(_ pipeline: Pipeline) throws -> EvaluationOutcome {
    let sequence = BatchSequence(count: pipeline.count, batchSize: size, shuffledBy: nil)
    let batches = Prefetcher(pipeline, sequence, until: 1, isTraining: false)
    var tallies: [Tally?] = objectives.map { _ in nil }
    engine.context.isTraining = false
    var number = 0
    while let batch = try batches.next() {
      engine.context.step = number
      number += 1
      for (number, objective) in objectives.enumerated() {
        let bound = engine.session(
          Engine.Key(stage: stage, evaluated: number, batch: batch.count))
        bound.feeds[0].feed(batch, from: 0)
        bound.session.forward()
        var tally = try tallies[number] ?? Tally(objective, bound.session)
        try tally.add(bound.session, rows: batch.count)
        tallies[number] = tally
      }
      batch.release()
    }
    return tallies.compactMap(\.self).reduce(into: EvaluationOutcome()) {
      $0.results += $1.results
      $0.tables += $1.tables
    }
  }
}

/// The sums of one objective.
private struct Tally {
  private let objective: Objective
  private var sums: [Double]
  private var rows = 0
  private var accumulators: [any MetricAccumulator] = []

  init(_ objective: Objective, _ session: Session<Float>) throws {
    self.objective = objective
    sums = objective.losses.map { _ in 0 }
    for measure in objective.measures {
      accumulators.append(try measure.accumulator(for: session.plan.shaped))
    }
  }

  mutating func add(_ session: Session<Float>, rows: Int) throws {
    for (number, loss) in objective.losses.enumerated() {
      sums[number] += Double(session.value(loss.source)?[0] ?? .nan) * Double(rows)
    }
    self.rows += rows
    for (number, measure) in objective.measures.enumerated() {
      guard let prediction = session.value(measure.prediction),
        let target = session.value(measure.target)
      else { continue }
      do {
        try accumulators[number].add(
          prediction: prediction.base, target: target.base, samples: rows)
      } catch {
        throw measure.problem(error.description)
      }
    }
  }

  var results: [MetricResult] {
    zip(objective.losses, sums).map {
      MetricResult(objective.prefix + $0.name, $1 / Double(rows))
    }
      + zip(objective.measures, accumulators).flatMap { measure, accumulator in
        accumulator.results().map {
          MetricResult(
            objective.prefix + measure.settings.title($0.name), $0.value, isPerClass: $0.isPerClass)
        }
      }
  }

  var tables: [TextTable] { accumulators.compactMap { $0.table() } }
}

extension Objective.Measure {
  /// An empty accumulator.
  ///
  /// Throws: `Problems` at the metric's place where prediction and target do not suit it.
  func accumulator(for shaped: ShapedGraph) throws(Problems) -> any MetricAccumulator {
    do throws(MetricError) {
      return try settings.metric.accumulator(
        prediction: shaped.shape(of: prediction), target: shaped.shape(of: target),
        classNames: field?.classNames ?? [])
    } catch {
      throw problem(error.description)
    }
  }

  func problem(_ message: String) -> Problems {
    Problems(Problem(message, path: settings.path, at: settings.place))
  }
}
