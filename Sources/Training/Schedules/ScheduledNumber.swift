public import Settings

/// A setting that is a number or a schedule: `0.001` or `{"type": "cosine", "initial": 0.001}`.
public struct ScheduledNumber: SettingValue {
  public let schedule: any Schedule

  public init(_ schedule: any Schedule) { self.schedule = schedule }

  /// A number that stays.
  public init(_ value: Double) { schedule = ConstantSchedule(value) }

  public static var expectation: String { "a number or a schedule" }

  public static var schema: JSON {
    ["anyOf": [["type": "number", "minimum": 0], scheduleRegistry.reference]]
  }

  public static func read(
    _ json: JSON, at path: String, _ problems: inout Problems
  ) -> ScheduledNumber? {
    switch json.content {
    case .integer, .number:
      guard let value = Double.read(json, at: path, &problems) else { return nil }
      if value >= 0 { return ScheduledNumber(value) }
      problems.expected("a number, at least 0, or a schedule", got: json, path: path)
      return nil
    case .string where json.isNumberText:
      problems.expectedNumber(expectation, got: json, path: path)
      return nil
    case .string, .object:
      return scheduleRegistry.read(json, at: path, &problems).map(ScheduledNumber.init)
    default:
      problems.expected(expectation, got: json, path: path)
      return nil
    }
  }

  public var json: JSON {
    if let constant = schedule as? ConstantSchedule, constant.warmUp == WarmUp() {
      return constant.initial.json
    }
    return schedule.typedJSON
  }

  public static func == (one: ScheduledNumber, other: ScheduledNumber) -> Bool {
    one.json == other.json
  }
}

/// A scheduled number in a run, with what it has seen.
public struct RunningSchedule: Sendable {
  public let schedule: any Schedule
  /// What a checkpoint keeps of it.
  public var plateau = Plateau()

  public init(_ number: ScheduledNumber) { schedule = number.schedule }

  /// The value for the update that `clock` names.
  public func value(at clock: TrainingClock) -> Double { schedule.value(at: clock, plateau) }

  /// Takes the results of an evaluation, by name.
  public mutating func observe(_ results: [String: Double]) {
    schedule.observe(results, &plateau)
  }
}
