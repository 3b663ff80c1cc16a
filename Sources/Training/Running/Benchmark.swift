public import Compilation
import Datasets
import Foundation
import GraphIR
public import Settings
import TensorCore

/// Times the training steps of an experiment on random rows that lie in memory before the clock starts.
///
/// A step is what `Trainer` does with a batch: copy it in, forward, loss, backward, update.
public final class Benchmark {
  /// How often which number of rows was trained in a second.
  public struct Result: Sendable {
    /// Rows a second of each chunk of steps, ascending.
    public let rates: [Double]
    public let steps: Int
    public let firstSteps: Double
    public let loss: Double

    /// The rate that a share of the chunks stays below.
    public func quantile(_ share: Double) -> Double {
      rates[min(rates.count - 1, Int(share * Double(rates.count)))]
    }
  }

  public let batch: Int
  public let plan: Plan
  private let engine: Engine
  private let runner: StageRunner
  private let batches: [[Arena<Float>]]
  /// Bytes of the rows that lie in memory before the clock starts.
  public var batchBytes: Int {
    batches.joined().reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride
  }
  private let fields: [DataField]
  private var steps = 0
  private var loss = 0.0

  /// Plans the first stage and makes the rows: of numbers as the layers want them, normal ones where any will do.
  ///
  /// - Parameters:
  ///   - batch: the rows of a step, instead of the experiment's.
  ///   - batches: how many batches are made and used in turn.
  public init(
    _ experiment: Experiment, batch: Int? = nil, batches batchCount: Int = 8, threads: Int
  ) throws(Problems) {
    guard var stage = experiment.stages.first else {
      throw Problems(Problem("\"training\" is missing", at: experiment.place))
    }
    let assumed = try AssumedData(stage, experiment)
    let rows = batch ?? stage.settings.batchSize
    var settings = stage.settings
    settings.batchSize = rows
    stage = experiment.stages[0]
    engine = try Engine(
      [assumed.objectives], shapes: [([BatchShape(rows: rows)], [])], fields: assumed.fields,
      seed: experiment.seed,
      threads: threads)
    engine.store.initialize(seed: experiment.seed, pool: engine.context.pool)
    runner = StageRunner(0, settings, assumed.objectives, engine: engine)
    plan = engine.plans[0]
    self.batch = rows
    fields = assumed.fields
    batches = (0..<batchCount).map { number in
      zip(assumed.fields, assumed.values).map { field, values in
        let random = RandomStream(seed: experiment.seed, name: field.name, step: number)
        return Self.rows(field.shape.count * rows, of: values, random)
      }
    }
  }

  /// How many numbers the steps train.
  public var parameterCount: Int {
    let trained = plan.differentiated
    return plan.parameters.reduce(0) {
      trained.contains($1.name) ? $0 + $1.specification.shape.count : $0
    }
  }

  /// Random numbers of the kind that a field holds: normal ones unless it says otherwise.
  private static func rows(
    _ count: Int, of values: Signature.Values?, _ random: RandomStream
  ) -> Arena<Float> {
    let rows = Arena<Float>(count: count)
    for index in 0..<count {
      rows.base[index] =
        switch values {
        case .integers(let bound): Float(random.integer(index, below: bound))
        case .unitInterval: Float(random.uniform(index))
        case nil: Float(random.normal(index))
        }
    }
    return rows
  }

  /// One step on the next batch, and its first loss.
  @discardableResult
  public func step() throws -> Double {
    let fields = batches[steps % batches.count]
    let clock = TrainingClock(step: steps, stepsPerEpoch: batches.count, totalSteps: 1_000_000)
    try runner.step(on: BatchShape(rows: batch), number: steps, at: clock) { feeds, part in
      for feed in feeds {
        let rowSize = self.fields[feed.field].shape.count
        feed.copy(
          from: fields[feed.field].base + part.lowerBound * rowSize,
          pool: self.engine.context.pool)
      }
    }
    loss = runner.losses.first?.value ?? .nan
    steps += 1
    return loss
  }

  /// Runs for about `seconds`, in chunks of about 0.2 s, after a warm-up of at least 3 steps.
  public func run(seconds: Double) throws -> Result {
    let clock = ContinuousClock()
    func timed(_ count: Int) throws -> Double {
      let start = clock.now
      for _ in 0..<count { try step() }
      return (clock.now - start) / .seconds(1)
    }
    let firstSteps = try timed(2)
    var single = try timed(1)
    let warm = max(1, Int(0.3 / max(single, 1e-6)))
    single = try timed(warm) / Double(warm)
    let count = max(1, Int((0.2 / single).rounded()))
    var rates: [Double] = []
    var total = 0.0
    while total < seconds || rates.count < 3 {
      let time = try timed(count)
      total += time
      rates.append(Double(count * batch) / time)
    }
    return Result(rates: rates.sorted(), steps: steps, firstSteps: firstSteps, loss: loss)
  }

  /// Times every layer during `steps` steps: a table for each objective.
  public func layers(steps: Int) throws -> [TextTable] {
    guard let session = engine.trainingSessions(stage: 0).first?.bound.session else { return [] }
    let roofline = Roofline(measuredOn: engine.context.pool)
    for _ in 0..<3 { try step() }
    let timer = StepTimer(plan)
    session.timer = timer
    defer { session.timer = nil }
    let start = ContinuousClock.now
    for _ in 0..<steps { try step() }
    let total = (ContinuousClock.now - start) / .seconds(1) / Double(steps)
    return zip(runner.objectives, plan.phases).map { objective, phase in
      LayerTimes(plan, phase, timer, runs: steps * objective.steps).table(
        title: objective.name, step: total, roofline)
    }
  }
}
