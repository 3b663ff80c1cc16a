import Foundation
public import Settings

/// initial · factor^(u / every).
public struct ExponentialSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()
  public var every = Span.epochs(1)
  public var factor = 0.0
  public var final = 0.0

  public init() {}

  public static let type = "exponential"
  public static let manual = """
    Falls by a factor in each length of time, smoothly.

    value = max(initial factor^(u / every), final), u counted from the end of warm-up (Keras's ExponentialDecay;
    PyTorch's ExponentialLR where `every` is one step). For falls in stairs use `step`.
    """

  public static var fields: [Field<Self>] {
    warmedFields + [
      .init("factor", \.factor, required: true, .above(0), "What each length multiplies by.")
        .example(0.95),
      .init("every", \.every, .positive, "The length in which the value falls by the factor."),
      .init("final", \.final, .atLeast(0), "The value that it does not fall below."),
    ]
  }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    let lengths = Double(clock.steps(after: warmUp)) / Double(max(1, every.steps(in: clock)))
    return max(initial * pow(factor, lengths), final)
  }
}
