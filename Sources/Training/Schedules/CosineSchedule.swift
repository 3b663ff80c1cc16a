import Foundation
public import Settings

/// final + (peak - final) (1 + cos(π u / length)) / 2, again and again if wished.
public struct CosineSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()
  public var length: Span?
  public var final = 0.0
  public var restarts = false
  public var lengthFactor = 1.0
  public var peakFactor = 1.0

  public init() {}

  public static let type = "cosine"
  public static let manual = """
    Falls along half a cosine, once or with restarts.

    value = final + (initial - final) (1 + cos(pi u / length)) / 2, u counted from the end of warm-up; final from
    there on. With restarts, u and the value start anew after each length; the k-th length (from 0) is
    length t_mul^k and starts at initial m_mul^k (SGDR, Loshchilov and Hutter 2017; Keras's CosineDecayRestarts).
    """

  public static var fields: [Field<Self>] {
    warmedFields + [
      .init(
        "length", \.length, .positive,
        "How long the (first) fall takes; absent: to the end of the stage."),
      .init("final", \.final, .atLeast(0), "The value at the end of a fall."),
      .init("restarts", \.restarts, "Whether it starts anew after each length."),
      .init("t_mul", \.lengthFactor, .atLeast(1), "How much longer each length is than the last."),
      .init("m_mul", \.peakFactor, .above(0), "What each restart multiplies the first value by."),
    ]
  }

  public var contradiction: String? {
    if restarts && length == nil { return "\"restarts\" need a \"length\"" }
    if !restarts && (lengthFactor != 1 || peakFactor != 1) {
      return "\"t_mul\" and \"m_mul\" are for \"restarts\": true"
    }
    return nil
  }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    var step = Double(clock.steps(after: warmUp))
    var length = Double(
      length.map { max(1, $0.steps(in: clock)) } ?? clock.remaining(after: warmUp))
    var peak = initial
    if !restarts {
      step = min(step, length)
    } else if lengthFactor == 1 {
      peak *= pow(peakFactor, (step / length).rounded(.down))
      step = step.truncatingRemainder(dividingBy: length)
    } else {
      while step >= length {
        step -= length
        length *= lengthFactor
        peak *= peakFactor
      }
    }
    return final + (peak - final) * (1 + cos(.pi * step / length)) / 2
  }
}
