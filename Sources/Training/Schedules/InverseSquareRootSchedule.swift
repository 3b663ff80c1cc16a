import Foundation
public import Settings

/// initial · √(w / t), w the warm-up steps.
public struct InverseSquareRootSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()

  public init() {}

  public static let type = "inverse_square_root"
  public static let manual = """
    Falls with the square root of time, after a warm-up: the Transformer's schedule (Vaswani et al. 2017).

    With s = t + 1 updates and w = max(1, warm-up steps): value = initial min(s / w, sqrt(w / s)), so initial is the
    peak. The paper's rate d^-0.5 min(s^-0.5, s w^-1.5) is initial = (d w)^-0.5.
    """

  public static var fields: [Field<Self>] { warmedFields }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    let warm = Double(max(1, warmUp))
    return initial * (warm / max(warm, Double(clock.step + 1))).squareRoot()
  }
}
