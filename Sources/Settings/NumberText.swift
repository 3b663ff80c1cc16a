/// What to say of a text that stands where a number is expected and that other tools would take for one, but JSON does
/// not; nil for other texts.
///
/// ` (a number as JSON writes it is 0.001)` for `.001`; what no number can hold is said to be none.
func numberHint(for text: String) -> String? {
  guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
  if (try? JSONParser.parse(Array(text.utf8), file: "")) != nil { return nil }
  // Python writes long numbers so.
  guard let value = Double(text.filter { $0 != "_" }) else { return nil }
  return value.isFinite
    ? " (a number as JSON writes it is \(value.json.shown))"
    : " (no number: JSON has none that is infinite or undefined)"
}

extension JSON {
  /// Whether this is a string that other tools would take for a number.
  public var isNumberText: Bool { string.flatMap(numberHint) != nil }
}

extension Problems {
  /// Reports that `json` is no number of the kind that the key at `path` holds.
  public mutating func expectedNumber(_ expectation: String, got json: JSON, path: String) {
    let hint = json.string.flatMap(numberHint) ?? ""
    add("expected \(expectation), got \(json.shown)\(hint)", path: path, at: json.place)
  }
}
