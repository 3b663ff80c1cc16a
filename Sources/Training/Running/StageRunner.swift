import Compilation
import Datasets
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
  /// What each objective learnt at in the last step.
  private(set) var learningRates: [(name: String, value: Double)]
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
    /// How many rows of each part count in each loss, or steps where some are padding: part after part, of the largest
    /// batch so far.
    var counts: [Double]
  }

  /// The session for a part of a batch of a shape.
  private struct Part {
    let batch: BatchShape
    let bound: Engine.Bound
    /// The losses of each objective.
    let losses: [[View<Float>]]
    /// What counts the steps of each objective's losses, where some are padding and batches have several parts.
    let counters: [Counter?]
  }

  /// A session that computes masks alone, and those of the losses; nil for a loss that counts all rows.
  private struct Counter {
    let bound: Engine.Bound
    let masks: [View<Float>?]
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
    learningRates = objectives.map { ($0.prefix + "learning_rate", 0) }
    parts = engine.trainingSessions(stage: stage).map { batch, bound in
      Part(
        batch: batch, bound: bound,
        losses: objectives.map { $0.losses.compactMap { bound.session.value($0.source) } },
        counters: objectives.enumerated().map { number, objective in
          engine.countingSession(stage: stage, objective: number, batch: batch).map { counter in
            Counter(
              bound: counter,
              masks: objective.losses.map { $0.mask.flatMap(counter.session.value) })
          }
        })
    }
    var firstLoss = 0
    turns = objectives.map { objective in
      defer { firstLoss += objective.losses.count }
      return Turn(
        firstLoss: firstLoss, weights: objective.losses.map { _ in 0 }, counts: [])
    }
  }

  /// One step on a batch of a shape; `losses` and `learningRates` are its afterwards. It allocates nothing.
  ///
  /// - Parameters:
  ///   - number: of the step in the run, for random numbers.
  ///   - clock: where the stage stands.
  ///   - feed: writes a range of the batch's rows to where a plan reads them.
  /// Throws: `TrainingStop` for a loss that is not finite; nothing is updated by it.
  func step(
    on batch: BatchShape, number: Int, at clock: TrainingClock,
    feed: ([Engine.Feed], Range<Int>) -> Void
  ) throws(TrainingStop) {
    for index in objectives.indices {
      let steps = objectives[index].steps
      for repetition in 0..<steps {
        let turn = clock.turn(repetition, of: steps)
        // What is drawn follows from the number, whatever a checkpoint says that it is.
        computeGradients(
          of: index, on: batch, draw: number &* steps &+ repetition, at: turn, feed)
        for loss in turns[index].firstLoss..<turns[index].firstLoss + turns[index].weights.count {
          guard losses[loss].value.isFinite else {
            throw .nonFinite(
              step: number + 1,
              NonFiniteValue("the loss \"\(losses[loss].name)\"", losses[loss].value))
          }
        }
        updaters[index].update(at: turn)
        learningRates[index].value = updaters[index].lastRate
      }
    }
    average?.update(from: engine.store, pool: engine.context.pool)
  }

  /// The gradients of one objective over the parts of a batch, and the means of its losses.
  private func computeGradients(
    of index: Int, on batch: BatchShape, draw: Int, at clock: TrainingClock,
    _ feed: ([Engine.Feed], Range<Int>) -> Void
  ) {
    let first = turns[index].firstLoss
    let count = turns[index].weights.count
    for loss in 0..<count { losses[first + loss].value = 0 }
    engine.context.isTraining = true
    countSteps(of: index, on: batch, draw: draw, feed)
    for number in 0..<partCount(of: batch) {
      let range = range(ofPart: number, of: batch)
      let part = part(of: batch, rows: range.count)
      feed(part.bound.feeds[index], range)
      engine.context.step = draw &* settings.accumulation &+ number
      part.bound.session.forward(phase: index)
      for loss in 0..<count {
        let total = stride(from: loss, to: turns[index].counts.count, by: count).reduce(0) {
          $0 + turns[index].counts[$1]
        }
        let share = total > 0 ? turns[index].counts[number * count + loss] / total : 0
        losses[first + loss].value += share * Double(part.losses[index][loss][0])
        let weight = objectives[index].losses[loss].weight.value(at: clock)
        turns[index].weights[loss] = Float(share * weight)
      }
      part.bound.session.backward(
        phase: index, weights: turns[index].weights, accumulating: number > 0)
    }
  }

  /// How much each part counts in each loss of an objective: its rows, or its steps that are not padding.
  ///
  /// A loss is a mean over what counts in the whole batch, which must be known before the gradient of the first part.
  private func countSteps(
    of index: Int, on batch: BatchShape, draw: Int,
    _ feed: ([Engine.Feed], Range<Int>) -> Void
  ) {
    let count = turns[index].weights.count
    // Batches have as many parts as there are rows for them, whatever is asked for.
    let needed = partCount(of: batch) * count
    if turns[index].counts.count < needed {
      turns[index].counts = [Double](repeating: 0, count: needed)
    }
    for place in turns[index].counts.indices { turns[index].counts[place] = 0 }
    for number in 0..<partCount(of: batch) {
      let range = range(ofPart: number, of: batch)
      let counter = part(of: batch, rows: range.count).counters[index]
      if let bound = counter?.bound {
        feed(bound.feeds[0], range)
        engine.context.step = draw &* settings.accumulation &+ number
        bound.session.forward()
      }
      for loss in 0..<count {
        var counted = Double(range.count)
        if let mask = counter?.masks[loss] {
          counted = 0
          for step in 0..<mask.count { counted += Double(mask[step]) }
        }
        turns[index].counts[number * count + loss] = counted
      }
    }
  }

  private func partCount(of batch: BatchShape) -> Int {
    (batch.rows + settings.partSize - 1) / settings.partSize
  }

  private func range(ofPart number: Int, of batch: BatchShape) -> Range<Int> {
    number * settings.partSize..<min((number + 1) * settings.partSize, batch.rows)
  }

  /// What computes a part of so many rows.
  private func part(of batch: BatchShape, rows: Int) -> Part {
    let shape = BatchShape(rows: rows, steps: batch.steps)
    guard let part = parts.first(where: { $0.batch == shape }) else {
      preconditionFailure("no plan for \(shape)")
    }
    return part
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
