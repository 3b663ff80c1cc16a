import Foundation
public import Settings

/// initial · factor^⌊t / every⌋.
public struct StepSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()
  public var every = Span.epochs(30)
  public var factor = 0.1

  public init() {}

  public static let type = "step"
  public static let manual = """
    Falls by a factor at regular places.

    value(t) = initial factor^floor(t / every), t counted from the first update, warm-up included (PyTorch's StepLR).
    """

  public static var fields: [Field<Self>] {
    warmedFields + [
      .init("every", \.every, required: true, .positive, "The length between two falls.").example(
        "10 epochs"),
      .init("factor", \.factor, .above(0), "What each fall multiplies by."),
    ]
  }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    initial * pow(factor, Double(clock.step / max(1, every.steps(in: clock))))
  }
}
