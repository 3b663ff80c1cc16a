public import Datasets
public import Settings

/// Above which score a row is of class 1.
public enum DecisionThreshold: SettingValue {
  case number(Double)
  /// What a result of this name was on the validation data.
  case validated(PlacedName)

  public static var expectation: String { "a number, or the name of a result of the validation" }
  public static var schema: JSON {
    ["anyOf": [["type": "number"], ["type": "string", "minLength": 1]]]
  }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    switch json.content {
    case .string where json.isNumberText:
      problems.expectedNumber(expectation, got: json, path: path)
      return nil
    case .string(let text) where !text.isEmpty:
      return .validated(PlacedName(text, at: json.place, keys: path))
    case .number, .integer: return Double.read(json, at: path, &problems).map(Self.number)
    default:
      problems.expected(expectation, got: json, path: path)
      return nil
    }
  }
  public var json: JSON {
    switch self {
    case .number(let number): number.json
    case .validated(let name): name.json
    }
  }
}
