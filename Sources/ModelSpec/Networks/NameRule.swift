import Settings

/// What layers, inputs, networks and blocks may be called: names stand in paths (`block_1/dense_1`), behind which an
/// output has its number (`lstm_1:1`), and in patterns (`encoder/*`).
enum NameRule {
  /// As a regular expression of JSON Schema.
  static let pattern = "^[^/:*?\\[\\]\\s\\x00-\\x1f]+$"

  /// Why a name is none; nil where it is one.
  static func objection(to name: String) -> String? {
    if name.isEmpty { return "a name is empty" }
    let wrong = name.first {
      "/:*?[]".contains($0) || $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 }
    }
    return wrong.map { "the name \(JSON(.string(name)).shown) has a \"\($0)\" in it" }
  }
}

/// One name or several: `"a"`, `["a", "b"]`.
struct NameList: SettingValue {
  var names: [String]

  static var expectation: String { "a name or a list of names" }
  static var schema: JSON {
    ["anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]]
  }
  static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> NameList? {
    if let name = json.string { return NameList(names: [name]) }
    guard json.elements != nil else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return [String].read(json, at: path, &problems).map(NameList.init)
  }
  var json: JSON { names.count == 1 ? names[0].json : names.json }

  /// The names in `json`, each with where it stands.
  static func placed(_ json: JSON, at path: String) -> [(name: String, place: Place?, path: String)]
  {
    guard let elements = json.elements else {
      return json.string.map { [($0, json.place, path)] } ?? []
    }
    return elements.enumerated().compactMap { index, element in
      element.string.map { ($0, element.place, Settings.path(path, index)) }
    }
  }
}
