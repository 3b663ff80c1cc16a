/// A value that a settings object describes by a table of fields.
public protocol Configurable: SettingValue {
  /// The value before any key is read; a required field may hold anything.
  init()
  /// The keys, in the order of the manual.
  static var fields: [Field<Self>] { get }
  /// What is wrong between fields that are each right by themselves; nil if nothing is.
  var contradiction: String? { get }
}

extension Configurable {
  public var contradiction: String? { nil }

  public static var expectation: String { "an object" }

  public static var schema: JSON { schema(with: []) }

  /// The JSON Schema of an object with these fields and some more keys, which stand first.
  ///
  /// Where a field has the name of one of those, the field it is that the key means, unless they replace it.
  public static func schema(
    with more: [JSON.Member], requiring moreRequired: [String] = [], replacing: Bool = false
  ) -> JSON {
    let initial = Self()
    let fields = fields.filter { field in !replacing || !more.contains { $0.key == field.name } }
    let properties = fields.map { field in
      var members = field.schema.members ?? []
      if !field.isRequired, let value = field.write(initial) {
        members.append(.init("default", value))
      }
      return JSON.Member(field.name, JSON(.object(members)))
    }
    let names = fields.map(\.name)
    let more = more.filter { !names.contains($0.key) }
    let required = moreRequired + fields.filter(\.isRequired).map(\.name)
    return JSON(
      .object(
        [
          .init("type", "object"), .init("properties", JSON(.object(more + properties))),
          .init("patternProperties", ["^x-": JSON(.object([]))]),
          .init("additionalProperties", false),
        ]
          + (required.isEmpty
            ? [] : [.init("required", JSON(.array(required.map { JSON(.string($0)) })))])))
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    read(json, at: path, besides: [], &problems)
  }

  /// Reads the fields of an object; `others` are keys that somebody else reads.
  ///
  /// Reports every unknown key with the nearest known one, every missing or wrong value, and what contradicts.
  public static func read(
    _ json: JSON, at path: String, besides others: [String], _ problems: inout Problems
  ) -> Self? {
    guard let members = json.members else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    let before = problems.list.count
    let fields = fields
    let known = fields.map(\.name)
    for member in members
    where !known.contains(member.key) && !others.contains(member.key)
      && !member.key.hasPrefix("x-")
    {
      problems.add(
        "unknown key" + settingSuggestion(for: member.key, among: known + others),
        path: Settings.path(path, member.key), at: member.place)
      // More than anybody reads; looking for near names has its price.
      if problems.list.count - before > Problems.shownAtMost { return nil }
    }
    var value = Self()
    for field in fields {
      if let setting = json[field.name] {
        field.read(setting, Settings.path(path, field.name), &value, &problems)
      } else if field.isRequired {
        problems.add(
          "\"\(field.name)\" is missing: \(field.expectation) (\(field.documentation))",
          path: path, at: json.place)
      }
    }
    guard problems.list.count == before else { return nil }
    if let contradiction = value.contradiction {
      problems.add(contradiction, path: path, at: json.place)
      return nil
    }
    return value
  }

  /// Every field with its value, defaults included.
  public var json: JSON { JSON(.object(members)) }

  var members: [JSON.Member] {
    Self.fields.compactMap { field in field.write(self).map { JSON.Member(field.name, $0) } }
  }
}
