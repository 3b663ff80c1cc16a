public import Settings

/// The name of something that another file defines (a field, a column), with the place where it is written.
///
/// Whether such a thing exists is known only when the data are opened; the message then still names the place.
public struct PlacedName: SettingValue {
  public let text: String
  public let place: Place?
  /// The keys that lead to it.
  public let keys: String

  public init(_ text: String, at place: Place? = nil, keys: String = "") {
    self.text = text
    self.place = place
    self.keys = keys
  }

  /// What is wrong with the thing of this name, at the place of the name.
  public func problem(_ message: String) -> Problem { Problem(message, path: keys, at: place) }

  public static var expectation: String { "a name" }
  public static var schema: JSON { ["type": "string", "minLength": 1] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    guard let text = json.string, !text.isEmpty else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return PlacedName(text, at: json.place, keys: path)
  }
  public var json: JSON { JSON(.string(text), at: place) }

  /// The same names, by their code points; the places do not count.
  public static func == (one: PlacedName, other: PlacedName) -> Bool {
    one.text.isExactly(other.text)
  }
}
