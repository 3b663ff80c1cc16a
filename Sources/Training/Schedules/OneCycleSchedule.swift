import Foundation
public import Settings

/// Up from initial to peak, then down to final, over one length.
public struct OneCycleSchedule: Schedule {
  /// How it goes from one value to the next.
  public enum Curve: String, SettingValue, CaseIterable {
    case cosine
    case linear
  }

  public var peak = 0.0
  public var initial: Double?
  public var final: Double?
  public var rise = 0.3
  public var length: Span?
  public var curve = Curve.cosine

  public init() {}

  public static let type = "one_cycle"
  public static let manual = """
    Rises to a peak and falls far below where it began (Smith and Topin 2018).

    Steps 0 to rise length - 1 go from initial to peak, the others to final at step length - 1, each along half a
    cosine or a straight line (PyTorch's OneCycleLR with two phases). It is its own warm-up. Where rise length is less
    than a step, the peak lies before step 0, which is on the way down already.
    """

  public static var fields: [Field<Self>] {
    [
      .init("peak", \.peak, required: true, .atLeast(0), "The highest value.").example(0.01),
      .init("initial", \.initial, .atLeast(0), "The first value; absent: peak / 25."),
      .init("final", \.final, .atLeast(0), "The last value; absent: initial / 10000."),
      .init(
        "rise", \.rise, .init("above 0 and below 1") { $0 > 0 && $0 < 1 }, "The part that rises."),
      .init("length", \.length, .positive, "How long the cycle is; absent: the whole stage."),
      .init("curve", \.curve, "How the value goes from one to the next."),
    ]
  }

  public func value(at clock: TrainingClock, _ plateau: Plateau) -> Double {
    let initial = initial ?? peak / 25
    let final = final ?? initial / 10_000
    let length = Double(length.map { max(1, $0.steps(in: clock)) } ?? clock.totalSteps)
    let step = min(Double(clock.step), length - 1)
    let top = rise * length - 1
    if step <= top { return between(initial, peak, top > 0 ? step / top : 1) }
    return between(peak, final, (step - top) / (length - 1 - top))
  }

  private func between(_ start: Double, _ end: Double, _ part: Double) -> Double {
    switch curve {
    case .cosine: end + (start - end) / 2 * (1 + cos(.pi * part))
    case .linear: start + (end - start) * part
    }
  }
}
