import Compilation
import Foundation
import GraphIR
import Settings
import TensorCore

/// Runs the steps of one stage: the gradients of every objective in its turn, and the updates.
///
/// It does not know where the rows come from, so training and benchmarks run the same code.
final class StageRunner {
  let objectives: [Objective]
  /// One for each objective.
  let updaters: [Updater]
  let average: MovingAverage?
  /// The mean of each loss of the last step over its rows, objective after objective.
  private(set) var losses: [(name: String, value: Double)]
  private let engine: Engine
  private let settings: StageSettings
  private let parts: [Part]
  /// For each objective the weights of its losses, in memory that is used again.
  private var turns: [Turn]

  /// What an objective needs at every step.
  private struct Turn {
    /// Where its losses begin among those of the stage.
    let firstLoss: Int
    var weights: [Float]
  }

  /// The session for a part of a batch with so many rows.
  private struct Part {
    let rows: Int
    let bound: Engine.Bound
    /// The losses of each objective.
    let losses: [[View<Float>]]
  }

  /// New optimizers for a stage, with nothing in their moments.
  init(_ stage: Int, _ settings: StageSettings, _ objectives: [Objective], engine: Engine) {
    (self.settings, self.objectives, self.engine) = (settings, objectives, engine)
    updaters = objectives.enumerated().map { number, objective in
      Updater(
        objective.minimization,
        trained: engine.trainedParameters(stage: stage, objective: number), store: engine.store,
        pool: engine.context.pool)
    }
    average = settings.average.map { MovingAverage(decay: $0, of: engine.store) }
    losses = objectives.flatMap { objective in
      objective.losses.map { (objective.prefix + $0.name, 0) }
    }
    parts = engine.trainingSessions(stage: stage).map { rows, bound in
      Part(
        rows: rows, bound: bound,
        losses: objectives.map { $0.losses.compactMap { bound.session.value($0.source) } })
    }
    var firstLoss = 0
    turns = objectives.map { objective in
      defer { firstLoss += objective.losses.count }
      return Turn(firstLoss: firstLoss, weights: objective.losses.map { _ in 0 })
    }
  }

  /// One step on `rows` rows; `losses` are its afterwards. It allocates nothing.
  ///
  /// - Parameters:
  ///   - number: of the step in the run, for random numbers.
  ///   - clock: where the stage stands.
  ///   - feed: writes a range of the batch's rows to where a plan reads them.
  /// Throws: `TrainingStop` for a loss that is not finite; nothing is updated by it.
  func step(
    rows: Int, number: Int, at clock: TrainingClock, feed: ([Engine.Feed], Range<Int>) -> Void
  ) throws(TrainingStop) {
    for index in objectives.indices {
      let steps = objectives[index].steps
      for repetition in 0..<steps {
        let turn = TrainingClock(
          step: clock.step * steps + repetition, stepsPerEpoch: clock.stepsPerEpoch * steps,
          totalSteps: clock.totalSteps * steps)
        computeGradients(of: index, rows: rows, draw: number * steps + repetition, at: turn, feed)
        for loss in turns[index].firstLoss..<turns[index].firstLoss + turns[index].weights.count {
          guard losses[loss].value.isFinite else {
            throw .nonFinite(step: number + 1, loss: losses[loss].name, value: losses[loss].value)
          }
        }
        updaters[index].update(at: turn)
      }
    }
    average?.update(from: engine.store, pool: engine.context.pool)
  }

  /// The gradients of one objective over the parts of a batch, and the means of its losses.
  private func computeGradients(
    of index: Int, rows: Int, draw: Int, at clock: TrainingClock,
    _ feed: ([Engine.Feed], Range<Int>) -> Void
  ) {
    let first = turns[index].firstLoss
    let count = turns[index].weights.count
    for loss in 0..<count { losses[first + loss].value = 0 }
    engine.context.isTraining = true
    var (start, number) = (0, 0)
    while start < rows {
      let end = min(start + settings.partSize, rows)
      guard let part = parts.first(where: { $0.rows == end - start }) else {
        preconditionFailure("no plan for \(end - start) rows")
      }
      feed(part.bound.feeds[index], start..<end)
      engine.context.step = draw * settings.accumulation + number
      part.bound.session.forward(phase: index)
      let share = Double(end - start) / Double(rows)
      for loss in 0..<count {
        losses[first + loss].value += share * Double(part.losses[index][loss][0])
        let weight = objectives[index].losses[loss].weight.value(at: clock)
        turns[index].weights[loss] = Float(share * weight)
      }
      part.bound.session.backward(
        phase: index, weights: turns[index].weights, accumulating: number > 0)
      (start, number) = (end, number + 1)
    }
  }

  /// What a checkpoint holds beside the weights.
  var tensors: [(name: String, view: View<Float>)] {
    let moments = zip(objectives, updaters).flatMap { objective, updater in
      updater.state.map { (Checkpoint.optimizerPrefix + objective.prefix + $0.name, $0.view) }
    }
    let carried = parts.flatMap(\.bound.session.carried).map {
      (Checkpoint.carriedPrefix + $0.name, $0.view)
    }
    return moments + (average?.tensors ?? []) + carried
  }

  /// Has stateful layers begin anew, as at the beginning of an epoch.
  func clearCarried() {
    for part in parts { part.bound.session.clearCarried() }
  }
}
