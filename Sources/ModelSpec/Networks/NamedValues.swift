public import Settings

/// An object whose keys are names that the user chooses, in the order of the file.
public struct NamedValues<Value: SettingValue>: SettingValue {
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let value: Value
    public let place: Place?

    public static func == (one: Entry, other: Entry) -> Bool {
      one.name == other.name && one.value == other.value
    }
  }

  public let entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// The value of a name.
  public subscript(name: String) -> Value? { entries.first { $0.name == name }?.value }

  public var names: [String] { entries.map(\.name) }

  public static var expectation: String { "an object, each value \(Value.expectation)" }
  public static var schema: JSON {
    [
      "type": "object", "propertyNames": ["pattern": JSON(.string(NameRule.pattern))],
      "additionalProperties": Value.schema,
    ]
  }
  public static func read(
    _ json: JSON, at path: String, _ problems: inout Problems
  ) -> NamedValues? {
    guard let members = json.members else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    var entries: [Entry] = []
    for member in members {
      let path = Settings.path(path, member.key)
      if let objection = NameRule.objection(to: member.key) {
        problems.add(objection, path: path, at: member.place)
      } else if let value = Value.read(member.value, at: path, &problems) {
        entries.append(Entry(name: member.key, value: value, place: member.place))
      }
    }
    return entries.count == members.count ? NamedValues(entries) : nil
  }
  public var json: JSON {
    JSON(.object(entries.map { JSON.Member($0.name, $0.value.json) }))
  }
}
