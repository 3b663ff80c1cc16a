public import Settings

/// What the parts of a file's name mean: `{label}_{speaker}_{index}.wav`.
///
/// A word in braces stands for the text up to what follows it in the pattern; the last one for all the rest.
public struct NamePattern: SettingValue {
  let text: String
  /// What stands in front of each word, and the word.
  private let parts: [(before: String, word: String)]
  private let ending: String

  /// Nil where braces do not pair, a word stands twice, or two words touch.
  init?(_ text: String) {
    var parts: [(before: String, word: String)] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      let before = String(rest[..<open])
      guard !before.contains("}"), let close = rest[open...].firstIndex(of: "}") else { return nil }
      let word = String(rest[rest.index(after: open)..<close])
      guard !word.isEmpty, !word.contains("{"), !parts.contains(where: { $0.word == word }),
        parts.isEmpty || !before.isEmpty
      else { return nil }
      parts.append((before, word))
      rest = rest[rest.index(after: close)...]
    }
    guard !rest.contains("}"), !parts.isEmpty else { return nil }
    self.text = text
    self.parts = parts
    ending = String(rest)
  }

  /// Files in folders that are named like their classes.
  static let folders = NamePattern(
    text: "{label}/{name}", parts: [("", "label"), ("/", "name")], ending: "")

  private init(text: String, parts: [(before: String, word: String)], ending: String) {
    (self.text, self.parts, self.ending) = (text, parts, ending)
  }

  /// The words in their order.
  var words: [String] { parts.map(\.word) }

  /// The texts that the words stand for in a name; nil where it is not made like this.
  func match(_ name: String) -> [String: String]? {
    guard name.hasSuffix(ending) else { return nil }
    var rest = name.dropLast(ending.count)
    var texts: [String: String] = [:]
    for (index, part) in parts.enumerated() {
      guard rest.hasPrefix(part.before) else { return nil }
      rest = rest.dropFirst(part.before.count)
      var end = rest.endIndex
      if index + 1 < parts.count {
        guard let place = rest.firstRange(of: parts[index + 1].before) else { return nil }
        end = place.lowerBound
      }
      guard rest.startIndex < end else { return nil }
      texts[part.word] = String(rest[..<end])
      rest = rest[end...]
    }
    return texts
  }

  public static var expectation: String {
    "a pattern of words in braces with text between them: \"{label}_{index}.wav\""
  }
  public static var schema: JSON { ["type": "string", "pattern": "\\{[^{}]+\\}"] }
  public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Self? {
    guard let pattern = json.string.flatMap(NamePattern.init) else {
      problems.expected(expectation, got: json, path: path)
      return nil
    }
    return pattern
  }
  public var json: JSON { JSON(.string(text)) }

  public static func == (one: NamePattern, other: NamePattern) -> Bool { one.text == other.text }
}
