public import Settings

/// A part of a text: `[0, 0.9]` is the first nine tenths of its characters.
public struct TextPart: SettingValue {
  public var start = 0.0
  public var end = 1.0

  public init() {}

  /// The characters from ⌊start n⌋ to before ⌊end n⌋ of n.
  func of(_ text: String) -> Substring.UnicodeScalarView {
    let scalars = text.unicodeScalars
    let count = Double(scalars.count)
    let first = scalars.index(scalars.startIndex, offsetBy: Int(start * count))
    let last = scalars.index(first, offsetBy: Int(end * count) - Int(start * count))
    return Substring(scalars[first..<last]).unicodeScalars
  }

  public static var expectation: String { "two fractions from 0 to 1, in order: [0, 0.9]" }
  public static var schema: JSON {
    [
      "type": "array", "minItems": 2, "maxItems": 2,
      "items": ["type": "number", "minimum": 0, "maximum": 1],
    ]
  }

  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    guard let elements = json.elements, elements.count == 2 else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    guard let start = Double.read(elements[0], at: Settings.path(path, 0), &problems),
      let end = Double.read(elements[1], at: Settings.path(path, 1), &problems)
    else { return nil }
    guard start >= 0, start < end, end <= 1 else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    var part = TextPart()
    (part.start, part.end) = (start, end)
    return part
  }

  public var json: JSON { JSON(.array([start.json, end.json])) }
}
