public import Settings

/// A length of training, as a user says it: `500` (steps), `"500 steps"`, `"2.5 epochs"` or `"10%"` (of the stage).
public struct Span: SettingValue {
  public enum Unit: Sendable {
    case steps
    case epochs
    case percent
  }

  public let amount: Double
  public let unit: Unit

  private init(_ amount: Double, _ unit: Unit) {
    self.amount = amount
    self.unit = unit
  }

  /// A number of updates.
  public static func steps(_ count: Int) -> Span { Span(Double(count), .steps) }

  /// Passes over the training data; part of one counts.
  public static func epochs(_ count: Double) -> Span { Span(count, .epochs) }

  /// A part of the stage, 100 being all of it.
  public static func percent(_ part: Double) -> Span { Span(part, .percent) }

  /// The length in updates, rounded to the nearest.
  public func steps(in clock: TrainingClock) -> Int {
    let exact =
      switch unit {
      case .steps: amount
      case .epochs: amount * Double(clock.stepsPerEpoch)
      case .percent: amount / 100 * Double(clock.totalSteps)
      }
    // Nothing lasts longer than 2^53 steps, and the conversion must not trap.
    return Int(min(max(0, exact.rounded()), 0x1p53))
  }

  public static var expectation: String {
    "a length (steps as an integer, or \"500 steps\", \"2.5 epochs\", \"10%\" of the stage)"
  }

  public static var schema: JSON {
    [
      "anyOf": [
        ["type": "integer", "minimum": 0],
        ["type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?( (steps?|epochs?)|%)$"],
      ]
    ]
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Span? {
    switch json.content {
    case .integer(let count) where count >= 0: return .steps(count)
    case .string(let text): if let span = Span(text: text) { return span }
    default: break
    }
    problems.expected(expectation, got: json, path: path)
    return nil
  }

  /// Reads `2.5 epochs`; nil where the text is no length.
  init?(text: String) {
    let isPercent = text.hasSuffix("%")
    let words =
      isPercent
      ? [text.dropLast(), "%"] : text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, words[0].allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let amount = Double(words[0]), amount.isFinite
    else { return nil }
    switch words[1] {
    case "step", "steps":
      guard amount == amount.rounded() else { return nil }
      self.init(amount, .steps)
    case "epoch", "epochs": self.init(amount, .epochs)
    case "%": self.init(amount, .percent)
    default: return nil
    }
  }

  public var json: JSON {
    switch unit {
    case .steps: amount.json
    case .epochs: JSON(.string("\(amount.json.shown) \(amount == 1 ? "epoch" : "epochs")"))
    case .percent: JSON(.string("\(amount.json.shown)%"))
    }
  }
}

extension Bounds where Value == Span {
  /// A length that is not nothing.
  static var positive: Bounds { Bounds("longer than 0") { $0.amount > 0 } }
}
