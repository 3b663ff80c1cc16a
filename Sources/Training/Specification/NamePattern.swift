public import Settings

/// A pattern of parameter names: `*` stands for any run of characters, `generator/*`.
public struct NamePattern: SettingValue {
  public let text: String
  let place: Place?
  let keys: String

  public init(_ text: String, at place: Place? = nil, keys: String = "") {
    self.text = text
    self.place = place
    self.keys = keys
  }

  /// Whether the whole of a name fits.
  public func matches(_ name: String) -> Bool {
    Self.matches(Array(text.utf8)[...], Array(name.utf8)[...])
  }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var (pattern, name) = (pattern, name)
    /// What to try again after the last star, with one more character for the star.
    var retry: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
    while true {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (pattern, name)
      } else if let first = pattern.first, first == name.first {
        pattern = pattern.dropFirst()
        name = name.dropFirst()
      } else if pattern.isEmpty, name.isEmpty {
        return true
      } else if let again = retry, !again.name.isEmpty {
        pattern = again.pattern
        name = again.name.dropFirst()
        retry = (pattern, name)
      } else {
        return false
      }
    }
  }

  public static var expectation: String { "a name, in which * stands for anything" }
  public static var schema: JSON { ["type": "string", "minLength": 1] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    guard let text = json.string, !text.isEmpty else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return NamePattern(text, at: json.place, keys: path)
  }
  public var json: JSON { JSON(.string(text), at: place) }

  /// Equal texts; the places do not count.
  public static func == (one: NamePattern, other: NamePattern) -> Bool { one.text == other.text }
}

extension [NamePattern] {
  /// Whether any of the patterns fits.
  public func match(_ name: String) -> Bool { contains { $0.matches(name) } }

  /// Reports every pattern that fits none of the names: most likely it is misspelt.
  func check(among names: [String], _ problems: inout Problems) {
    for pattern in self where !names.contains(where: pattern.matches) {
      problems.add(
        "no parameter is called \"\(pattern.text)\"" + suggestion(for: pattern.text, among: names),
        path: pattern.keys, at: pattern.place)
    }
  }
}
