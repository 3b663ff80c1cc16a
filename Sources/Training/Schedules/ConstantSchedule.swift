public import Settings

/// initial, after warm-up.
public struct ConstantSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()

  public init() {}

  public init(_ value: Double) { initial = value }

  public static let type = "constant"
  public static let manual = """
    One value, after an optional warm-up.

    value(t) = initial. A plain number instead of a schedule is short for this.
    """

  public static var fields: [Field<Self>] { warmedFields }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double { initial }
}
