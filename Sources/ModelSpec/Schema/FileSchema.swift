public import Settings

/// What the JSON Schemas (draft-07) of all settings files have in common.
///
/// Editors complete and check files by them; what is certain is what dlcli itself says. A file that `extends` another
/// need not be complete by itself, so no more than the names of its keys is checked here.
public enum FileSchema {
  /// The keys that every file has beside its own.
  public static let members: [JSON.Member] = [
    .init("$schema", ["type": "string", "description": "For editors: the schema of the file."]),
    .init(
      "extends",
      [
        "description":
          "The file, or the list of files, over which this one is laid: objects are merged, lists are replaced.",
        "anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]],
      ]),
  ]

  /// The schema of a file: `content` describes the file's object, `members` among its properties, and may refer to
  /// `definitions`.
  public static func document(
    title: String, content: JSON, definitions: [JSON.Member]
  ) -> JSON {
    let schema: JSON = [
      "$schema": "http://json-schema.org/draft-07/schema#", "title": JSON(.string(title)),
      "type": "object", "properties": JSON(.object(members)), "if": ["required": ["extends"]],
      "then": names(of: content), "else": content, "definitions": JSON(.object(definitions)),
    ]
    return schema.allowingHoles()
  }

  /// The schema of objects with no other keys than those that `content` takes; of any where it does not list them.
  private static func names(of content: JSON) -> JSON {
    guard let properties = content["properties"]?.members else { return JSON(.object([])) }
    let any = JSON(.object([]))
    return [
      "properties": JSON(.object(properties.map { .init($0.key, any) })),
      "patternProperties": content["patternProperties"] ?? any,
      "additionalProperties": JSON(.boolean(false)),
    ]
  }
}

extension JSON {
  /// This schema with `"${env:NAME}"` and `"${ref:path}"` allowed where a number, a truth value or a list is asked for.
  func allowingHoles() -> JSON {
    switch content {
    case .array(let elements): return JSON(.array(elements.map { $0.allowingHoles() }))
    case .object(let members):
      var changed: [Member] = []
      for member in members {
        switch (member.key, member.value.string) {
        case ("type", let type?) where ["integer", "number", "boolean", "array"].contains(type):
          changed.append(Member("type", [JSON(.string(type)), "string"]))
          changed.append(Member("pattern", #"\$\{"#))
        case ("if", _), ("const", _), ("enum", _), ("default", _): changed.append(member)
        default: changed.append(Member(member.key, member.value.allowingHoles()))
        }
      }
      return JSON(.object(changed))
    default: return self
    }
  }

  /// This object with the value at the end of a way of keys replaced, or added.
  public func setting(_ keys: String..., to value: JSON) -> JSON { setting(keys[...], to: value) }

  private func setting(_ keys: ArraySlice<String>, to value: JSON) -> JSON {
    guard let key = keys.first else { return value }
    var members = members ?? []
    let changed = (self[key] ?? [:]).setting(keys.dropFirst(), to: value)
    if let position = members.firstIndex(where: { $0.key == key }) {
      members[position].value = changed
    } else {
      members.append(Member(key, changed))
    }
    return JSON(.object(members))
  }
}
