import Foundation
public import Settings

/// initial · factor^(how many milestones are reached).
public struct MultiStepSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()
  public var milestones: [Span] = []
  public var factor = 0.1

  public init() {}

  public static let type = "multi_step"
  public static let manual = """
    Falls by a factor at given places.

    value(t) = initial factor^n, where n milestones are at or before t, counted from the first update, warm-up
    included (PyTorch's MultiStepLR). Their order does not matter.
    """

  public static var fields: [Field<Self>] {
    warmedFields + [
      .init(
        "milestones", \.milestones, required: true,
        .init("at least one", schema: [.init("minItems", 1)]) { !$0.isEmpty },
        "Where the value falls, such as [\"30 epochs\", \"60 epochs\"]."
      ).example(["30 epochs", "60 epochs"]),
      .init("factor", \.factor, .above(0), "What each fall multiplies by."),
    ]
  }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    let reached = milestones.count { $0.steps(in: clock) <= clock.step }
    return initial * pow(factor, Double(reached))
  }
}
