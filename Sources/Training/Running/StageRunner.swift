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
  private let engine: Engine
  private let stage: Int
  private let settings: StageSettings

  /// New optimizers for a stage, with nothing in their moments.
  init(_ stage: Int, _ settings: StageSettings, _ objectives: [Objective], engine: Engine) {
    (self.stage, self.settings, self.objectives, self.engine) = (
      stage, settings, objectives, engine
    )
    updaters = objectives.enumerated().map { number, objective in
      Updater(
        objective.minimization,
        trained: engine.trainedParameters(stage: stage, objective: number), store: engine.store,
        pool: engine.context.pool)
    }
    average = settings.average.map { MovingAverage(decay: $0, of: engine.store) }
  }

  /// One step on `rows` rows, and the mean of each loss over them.
  ///
  /// - Parameters:
  ///   - number: of the step in the run, for random numbers.
  ///   - clock: where the stage stands.
  ///   - feed: writes a range of the batch's rows to where a plan reads them.
  /// Throws: `TrainingStop` for a loss that is not finite; nothing is updated by it.
  func step(
    rows: Int, number: Int, at clock: TrainingClock, feed: (Engine.Bound, Range<Int>) -> Void
  ) throws(TrainingStop) -> [(name: String, value: Double)] {
    var losses: [(name: String, value: Double)] = []
    for (index, objective) in objectives.enumerated() {
      for repetition in 0..<objective.steps {
        let turn = TrainingClock(
          step: clock.step * objective.steps + repetition,
          stepsPerEpoch: clock.stepsPerEpoch * objective.steps,
          totalSteps: clock.totalSteps * objective.steps)
        let means = computeGradients(
          of: index, rows: rows, draw: number * objective.steps + repetition, at: turn, feed)
        for (loss, value) in zip(objective.losses, means) {
          let name = objective.prefix + loss.name
          guard value.isFinite else {
            throw .nonFinite(step: number + 1, loss: name, value: value)
          }
          if repetition == objective.steps - 1 { losses.append((name, value)) }
        }
        updaters[index].update(at: turn)
      }
    }
    average?.update(from: engine.store, pool: engine.context.pool)
    return losses
  }

  /// The gradients of one objective over the parts of a batch, and the means of its losses.
  private func computeGradients(
    of index: Int, rows: Int, draw: Int, at clock: TrainingClock,
    _ feed: (Engine.Bound, Range<Int>) -> Void
  ) -> [Double] {
    let objective = objectives[index]
    var means = objective.losses.map { _ in 0.0 }
    engine.context.isTraining = true
    for (number, part) in parts(of: rows, each: settings.partSize).enumerated() {
      let bound = engine.session(
        Engine.Key(stage: stage, objective: index, batch: part.count, isTraining: true))
      feed(bound, part)
      engine.context.step = draw * settings.accumulation + number
      bound.session.forward()
      let share = Double(part.count) / Double(rows)
      var weights: [Graph.Source: Float] = [:]
      for (loss, source) in objective.losses.map(\.source).enumerated() {
        means[loss] += share * Double(bound.session.value(source)?[0] ?? .nan)
        weights[source] = Float(share * objective.losses[loss].weight.value(at: clock))
      }
      bound.session.backward(weights: weights, accumulating: number > 0)
    }
    return means
  }

  /// What a checkpoint holds beside the weights.
  var tensors: [(name: String, view: View<Float>)] {
    let moments = zip(objectives, updaters).flatMap { objective, updater in
      updater.state.map { (Checkpoint.optimizerPrefix + objective.prefix + $0.name, $0.view) }
    }
    return moments + (average?.tensors ?? [])
  }
}
