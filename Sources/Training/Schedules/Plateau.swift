public import Settings

/// What has been seen of a result that should improve: its best value and how long ago that was.
///
/// Serves `on_plateau`, early stopping and the choice of the best checkpoint; a checkpoint carries it as JSON, whose
/// numbers read back exactly.
public struct Plateau: Configurable {
  /// The best result so far; nil before the first.
  public var best: Double?
  /// How many results in a row have not been better since.
  public var waiting = 0
  /// How often the value has fallen.
  public var falls = 0

  public init() {}

  public static var fields: [Field<Self>] {
    [
      .init("best", \.best, "The best result so far."),
      .init("waiting", \.waiting, .atLeast(0), "Results in a row that were not better."),
      .init("falls", \.falls, .atLeast(0), "How often the value has fallen."),
    ]
  }

  /// Whether so many results in a row were not better, as Keras counts: 0 bears none, and so does 1.
  public func hasWaited(_ patience: Int) -> Bool { waiting >= max(1, patience) }

  /// Takes a result; whether it is better than all before it, by more than `minimumDelta`.
  ///
  /// What is not a number is undefined, as by rows that decide nothing: it is neither better nor worse. An infinite
  /// result counts as the largest number that a checkpoint can hold.
  @discardableResult
  public mutating func observe(
    _ result: Double, _ better: Better, minimumDelta: Double = 0
  ) -> Bool {
    if result.isNaN { return false }
    let largest = Double.greatestFiniteMagnitude
    let result = min(max(result, -largest), largest)
    let isBetter = best.map { better.improves(result, on: $0, by: minimumDelta) } ?? true
    if isBetter {
      best = result
      waiting = 0
    } else {
      waiting += 1
    }
    return isBetter
  }
}
