import Foundation
public import Settings

/// final + (initial - final) (1 - u / length)^power.
public struct PolynomialSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()
  public var length: Span?
  public var final = 0.0
  public var power = 1.0

  public init() {}

  public static let type = "polynomial"
  public static let manual = """
    Goes from one value to another along a power; power 1 is a straight line.

    value = final + (initial - final) (1 - min(u, length) / length)^power, u counted from the end of warm-up (Keras's
    PolynomialDecay; PyTorch's PolynomialLR where final is 0). With `final` above `initial` the value rises: a
    straight line from 0 to 1 anneals the weight of a loss.
    """

  public static var fields: [Field<Self>] {
    warmedFields + [
      .init("length", \.length, .positive, "How long it changes; absent: to the end of the stage."),
      .init("final", \.final, .atLeast(0), "The value at the end of the length and after it."),
      .init("power", \.power, .above(0), "The exponent."),
    ]
  }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    let length = length.map { max(1, $0.steps(in: clock)) } ?? clock.remaining(after: warmUp)
    let done = Double(min(clock.steps(after: warmUp), length)) / Double(length)
    return final + (initial - final) * pow(1 - done, power)
  }
}
