import Compilation
import Foundation
import Kernels
import Settings
import TensorCore

/// Moves the parameters of one objective by their gradients: penalties, clipping, the optimizer's rule.
///
/// The parameters are flat memory; runs of neighbours that are treated alike are one segment.
final class Updater {
  /// Neighbouring parameters that are treated alike.
  private struct Segment {
    var range: Range<Int>
    let decays: Bool
    let isPenalized: Bool
    /// Where the segment begins in each moment: an offset, and for each moment its place.
    var momentOffset = 0
    var moments: [UnsafeMutablePointer<Float>] = []
  }

  /// What one call of the optimizer moves: neighbours of a segment, or one table whose gradient comes by rows.
  private struct Stretch {
    let range: Range<Int>
    let decay: Double
    let moments: [UnsafeMutablePointer<Float>]
    let rows: RowSet?
  }

  /// The parameters it changes, in the order of the store.
  let parameters: [ParameterStore<Float>.Entry]
  private let settings: Minimization
  private let optimizer: any Optimizer
  private let segments: [Segment]
  private let stretches: [Stretch]
  private let moments: [Arena<Float>]
  private let store: ParameterStore<Float>
  private let pool: WorkerPool
  /// The learning rate, with what it has seen of the validation.
  var learningRate: RunningSchedule
  /// The rate of the last update, for the log.
  private(set) var lastRate = 0.0
  /// The norm of the last gradient where it is clipped by it.
  private(set) var lastNorm: Double?

  init(
    _ settings: Minimization, trained names: Set<String>, store: ParameterStore<Float>,
    pool: WorkerPool
  ) {
    self.settings = settings
    self.store = store
    self.pool = pool
    optimizer = settings.optimizer.value
    learningRate = RunningSchedule(optimizer.learningRate)
    parameters = store.parameters.filter { names.contains($0.name) }
    var segments = Self.segments(parameters, settings)
    let count = segments.last.map { $0.momentOffset + $0.range.count } ?? 0
    let moments = (0..<optimizer.moments).map { _ in Arena<Float>(count: count) }
    for index in segments.indices {
      segments[index].moments = moments.map { $0.base + segments[index].momentOffset }
    }
    (self.segments, self.moments) = (segments, moments)
    let (decay, parameters) = (optimizer.weightDecay, parameters)
    stretches = segments.flatMap { Self.stretches(of: $0, parameters, decay: decay) }
  }

  private static func segments(
    _ parameters: [ParameterStore<Float>.Entry], _ settings: Minimization
  ) -> [Segment] {
    var segments: [Segment] = []
    for entry in parameters {
      let decays = !settings.undecayed.match(entry.name)
      let isPenalized = settings.regularization?.parameters.match(entry.name) ?? false
      if let last = segments.last, last.decays == decays, last.isPenalized == isPenalized,
        Arena<Float>.aligned(last.range.upperBound) == entry.offset
      {
        segments[segments.count - 1].range = last.range.lowerBound..<entry.range.upperBound
      } else {
        segments.append(Segment(range: entry.range, decays: decays, isPenalized: isPenalized))
      }
    }
    var offset = 0
    for index in segments.indices {
      segments[index].momentOffset = offset
      offset += Arena<Float>.aligned(segments[index].range.count)
    }
    return segments
  }

  /// A segment cut at the tables whose gradients come by rows.
  private static func stretches(
    of segment: Segment, _ parameters: [ParameterStore<Float>.Entry], decay: Double
  ) -> [Stretch] {
    var stretches: [Stretch] = []
    var start = segment.range.lowerBound
    func add(upTo end: Int, rows: RowSet? = nil) {
      guard start < end else { return }
      let moments = segment.moments.map { $0 + (start - segment.range.lowerBound) }
      stretches.append(
        Stretch(
          range: start..<end, decay: segment.decays ? decay : 0, moments: moments, rows: rows))
      start = Arena<Float>.aligned(end)
    }
    for entry in parameters where segment.range.contains(entry.offset) {
      guard let rows = entry.gradientRows else { continue }
      add(upTo: entry.offset)
      add(upTo: entry.range.upperBound, rows: rows)
    }
    add(upTo: segment.range.upperBound)
    return stretches
  }

  /// One update.
  ///
  /// - Parameter clock: where the stage stands; its step is the number of updates before this one.
  func update(at clock: TrainingClock) {
    lastRate = learningRate.value(at: clock)
    let gradients = store.gradients.base
    for segment in segments {
      let count = segment.range.count
      let gradient = gradients + segment.range.lowerBound
      if segment.isPenalized, let penalty = settings.regularization {
        Weights.addPenaltyGradient(
          of: store.values.base + segment.range.lowerBound, l1: penalty.l1, l2: penalty.l2,
          to: gradient, count: count, pool: pool)
        for entry in parameters where segment.range.contains(entry.offset) {
          entry.gradientRows?.insertAll()
        }
      }
      if let bound = settings.clipValue {
        Elementwise.clip(
          gradient, low: Float(-bound), high: Float(bound), into: gradient, count: count,
          pool: pool)
      }
    }
    var scale = 1.0
    if let bound = settings.clipNorm {
      let squares = segments.reduce(0.0) {
        let gradient = gradients + $1.range.lowerBound
        return $0 + Reduction.dot(gradient, gradient, count: $1.range.count, pool: pool)
      }
      lastNorm = squares.squareRoot()
      // PyTorch's clip_grad_norm_, with its small constant.
      scale = min(1, bound / (squares.squareRoot() + 1e-6))
    }
    for stretch in stretches {
      optimizer.update(
        store.values.base + stretch.range.lowerBound,
        gradients: gradients + stretch.range.lowerBound, moments: stretch.moments,
        count: stretch.range.count, rows: stretch.rows, step: clock.step + 1,
        learningRate: lastRate, decay: stretch.decay, gradientScale: scale, pool: pool)
    }
  }

  /// The state that a checkpoint carries: for each moment and parameter a tensor.
  var state: [(name: String, view: View<Float>)] {
    segments.flatMap { segment in
      parameters.filter { segment.range.contains($0.offset) }.flatMap { entry in
        zip(optimizer.momentNames, moments).map { name, moment in
          (
            "\(name)/\(entry.name)",
            moment.view(
              at: segment.momentOffset + entry.offset - segment.range.lowerBound,
              entry.specification.shape)
          )
        }
      }
    }
  }
}
