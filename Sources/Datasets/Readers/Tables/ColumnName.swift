public import Settings

/// Which column of a table is meant: by its name, or by its number from 0.
public struct ColumnName: SettingValue {
  enum Name: Hashable {
    case text(String)
    case number(Int)
  }

  let name: Name
  private let place: Place?
  private let keys: String

  init(_ name: Name, at place: Place? = nil, keys: String = "") {
    self.name = name
    self.place = place
    self.keys = keys
  }

  /// What is wrong with the column, at the place where it is named.
  func problem(_ message: String) -> Problems {
    Problems(Problem(message, path: keys, at: place))
  }

  public static var expectation: String { "the name of a column, or its number from 0" }
  public static var schema: JSON {
    ["anyOf": [["type": "string", "minLength": 1], ["type": "integer", "minimum": 0]]]
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    switch json.content {
    case .string(let text) where !text.isEmpty:
      return ColumnName(.text(text), at: json.place, keys: path)
    case .integer(let number) where number >= 0:
      return ColumnName(.number(number), at: json.place, keys: path)
    default:
      problems.expected(expectation, got: json, path: path)
      return nil
    }
  }

  public var json: JSON {
    switch name {
    case .text(let text): JSON(.string(text), at: place)
    case .number(let number): JSON(.integer(number), at: place)
    }
  }

  /// Equal names; the places do not count.
  public static func == (one: ColumnName, other: ColumnName) -> Bool { one.name == other.name }
}
