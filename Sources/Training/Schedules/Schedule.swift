public import Datasets
public import Settings

/// A number that changes while training goes on: a learning rate, the weight of a loss.
///
/// Its value is a function of the clock alone, so that a resumed run needs nothing of it; only `on_plateau` also
/// looks at results, and what it has seen is a `Plateau` that a checkpoint carries.
public protocol Schedule: Variant {
  /// The value for the update that `clock` names, given what `plateau` has seen.
  func value(at clock: TrainingClock, _ plateau: Plateau) -> Double

  /// What to do when results of an evaluation arrive; nothing, for all but `on_plateau`.
  func observe(_ results: [String: Double], _ plateau: inout Plateau)

  /// The name of the result that the schedule needs; nil where it needs none.
  var watched: PlacedName? { get }
}

extension Schedule {
  public func observe(_ results: [String: Double], _ plateau: inout Plateau) {}
  public var watched: PlacedName? { nil }
}

/// The kinds of schedule, sorted by name.
public let scheduleRegistry = Registry<any Schedule>(
  "schedule",
  [
    ConstantSchedule.self, CosineSchedule.self, ExponentialSchedule.self,
    InverseSquareRootSchedule.self, MultiStepSchedule.self, OnPlateauSchedule.self,
    OneCycleSchedule.self, PolynomialSchedule.self, StepSchedule.self,
  ])

/// The first updates, in which a scheduled value climbs in a straight line to where its schedule begins.
///
/// With w warm-up steps, step t < w (from 0) has from + (target - from) (t + 1) / w: the first update is not
/// wasted on a rate of 0, and the last one of the warm-up has the full value.
public struct WarmUp: Sendable, Equatable {
  public var length = Span.steps(0)
  public var from = 0.0

  func applied(to target: Double, at clock: TrainingClock) -> Double {
    let length = length.steps(in: clock)
    guard clock.step < length else { return target }
    return from + (target - from) * (Double(clock.step + 1) / Double(length))
  }
}

/// A schedule that begins with a warm-up and then goes on from `initial`.
protocol WarmedSchedule: Schedule {
  var initial: Double { get set }
  var warmUp: WarmUp { get set }

  /// The value without the warm-up, whose length is `warmUp` steps.
  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double
}

extension WarmedSchedule {
  public func value(at clock: TrainingClock, _ plateau: Plateau) -> Double {
    let target = decayed(at: clock, warmUp: warmUp.length.steps(in: clock), plateau)
    return warmUp.applied(to: target, at: clock)
  }

  /// The fields that all of these have; `initial` stands first.
  static var warmedFields: [Field<Self>] {
    [
      .init("initial", \.initial, required: true, .atLeast(0), "The value once warm-up is over.")
        .example(0.001),
      .init("warmup", \.warmUp.length, "How long the value climbs to its first one."),
      .init("warmup_from", \.warmUp.from, .atLeast(0), "The value that warm-up climbs from."),
    ]
  }
}
