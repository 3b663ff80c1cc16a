public import Datasets
import Foundation
public import Settings

/// initial · factor^falls, a fall whenever a result has stopped improving.
public struct OnPlateauSchedule: WarmedSchedule {
  public var initial = 0.0
  public var warmUp = WarmUp()
  public var metric = PlacedName("loss")
  public var mode: Better?
  public var factor = 0.1
  public var patience = 10
  public var minimumDelta = 0.0
  public var final = 0.0

  public init() {}

  public static let type = "on_plateau"
  public static let manual = """
    Falls by a factor when a validation result has stopped improving.

    value = max(initial factor^falls, final). A result is better when it beats the best so far by more than
    min_delta. At the `patience`th result in a row that was not better, the value falls and the count starts anew (as
    Keras's ReduceLROnPlateau and as early_stopping here; PyTorch falls one result later). What it has seen is kept in
    the checkpoint.
    """

  public static var fields: [Field<Self>] {
    warmedFields + [
      .init("metric", \.metric, "The validation result to watch: \"loss\" or a metric's result."),
      .init(
        "mode", \.mode, "Which way is better; absent: as for the metric elsewhere (losses: min)."),
      .init(
        "factor", \.factor, .init("above 0 and below 1") { $0 > 0 && $0 < 1 },
        "What each fall multiplies by."),
      .init(
        "patience", \.patience, .atLeast(0),
        "The value falls at so many results in a row without a better one; 0 means 1."),
      .init("min_delta", \.minimumDelta, .atLeast(0), "What an improvement must exceed."),
      .init("final", \.final, .atLeast(0), "The value that it does not fall below."),
    ]
  }

  public var contradiction: String? {
    mode == nil && Better.known(for: metric.text) == nil
      ? "nobody knows which way \"\(metric.text)\" is better; say \"mode\": \"max\" or \"min\""
      : nil
  }

  public var watched: PlacedName? { metric }

  public func observe(_ results: [String: Double], _ plateau: inout Plateau) {
    guard let result = results[metric.text], let better = mode ?? Better.known(for: metric.text)
    else { return }
    plateau.observe(result, better, minimumDelta: minimumDelta)
    if plateau.hasWaited(patience) {
      plateau.falls += 1
      plateau.waiting = 0
    }
  }

  func decayed(at clock: TrainingClock, warmUp: Int, _ plateau: Plateau) -> Double {
    max(initial * pow(factor, Double(plateau.falls)), final)
  }
}
