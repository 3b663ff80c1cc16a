/// A value that a key of a settings file can hold.
public protocol SettingValue: Sendable, Equatable {
  /// What a reader of an error message should have written: "an integer".
  static var expectation: String { get }
  /// The JSON Schema (draft-07) of the value.
  static var schema: JSON { get }
  /// Reads the value, or reports what is wrong with it and returns nil.
  static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self?
  /// The value as it is written; `read` gives back an equal one.
  var json: JSON { get }
}

extension Int: SettingValue {
  public static var expectation: String { "an integer" }
  public static var schema: JSON { ["type": "integer"] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Int? {
    switch json.content {
    case .integer(let value): return value
    case .number(let value) where value == value.rounded() && value.magnitude <= 0x1p53:
      return Int(value)
    default:
      problems.expectedNumber(expectation, got: json, path: path)
      return nil
    }
  }
  public var json: JSON { JSON(.integer(self)) }
}

extension Double: SettingValue {
  public static var expectation: String { "a number" }
  public static var schema: JSON { ["type": "number"] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Double? {
    switch json.content {
    case .integer(let value): return Double(value)
    case .number(let value): return value
    default:
      problems.expectedNumber(expectation, got: json, path: path)
      return nil
    }
  }
  public var json: JSON {
    // 1.0 is written 1: the shorter form reads back the same.
    self == rounded() && magnitude < 0x1p53 ? JSON(.integer(Int(self))) : JSON(.number(self))
  }
}

extension Bool: SettingValue {
  public static var expectation: String { "true or false" }
  public static var schema: JSON { ["type": "boolean"] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Bool? {
    if case .boolean(let value) = json.content { return value }
    problems.expected(expectation, got: json, path: path)
    return nil
  }
  public var json: JSON { JSON(.boolean(self)) }
}

extension String: SettingValue {
  public static var expectation: String { "a string" }
  public static var schema: JSON { ["type": "string"] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> String? {
    if let string = json.string { return string }
    problems.expected(expectation, got: json, path: path)
    return nil
  }
  public var json: JSON { JSON(.string(self)) }
}

/// Any JSON value, for keys whose meaning something else decides.
extension JSON: SettingValue {
  public static var expectation: String { "a value" }
  public static var schema: JSON { JSON(.object([])) }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> JSON? {
    json
  }
  public var json: JSON { self }
}

extension Array: SettingValue where Element: SettingValue {
  public static var expectation: String { "a list, each \(Element.expectation)" }
  public static var schema: JSON { ["type": "array", "items": Element.schema] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> [Element]? {
    guard let elements = json.elements else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    let values = elements.enumerated().map {
      Element.read($1, at: Settings.path(path, $0), &problems)
    }
    return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
  }
  public var json: JSON { JSON(.array(map(\.json))) }
}

/// An object whose keys are names the user chooses, in the order of the file.
extension Dictionary: SettingValue where Key == String, Value: SettingValue {
  public static var expectation: String { "an object, each value \(Value.expectation)" }
  public static var schema: JSON { ["type": "object", "additionalProperties": Value.schema] }
  public static func read(
    _ json: JSON, at path: String, _ problems: inout Problems
  ) -> [String: Value]? {
    guard let members = json.members else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    var values: [String: Value] = [:]
    for member in members {
      values[member.key] = Value.read(member.value, at: Settings.path(path, member.key), &problems)
    }
    return values.count == members.count ? values : nil
  }
  public var json: JSON {
    JSON(.object(sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.json) }))
  }
}

/// A word out of a fixed few: an enumeration of strings.
extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public static var expectation: String {
    "one of " + allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  }
  public static var schema: JSON {
    ["enum": JSON(.array(allCases.map { JSON(.string($0.rawValue)) }))]
  }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    guard let word = json.string else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    if let value = Self(rawValue: word) { return value }
    let likely = likelyName(for: word, among: allCases.map(\.rawValue))
    let hint = likely.map { " (did you mean \"\($0)\"?)" } ?? ""
    problems.add("expected \(expectation), got \(json.shown)\(hint)", path: path, at: json.place)
    return nil
  }
  public var json: JSON { JSON(.string(rawValue)) }
}
