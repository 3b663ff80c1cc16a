extension JSON {
  /// The value as JSON text, UTF-8: on one line, or indented by two spaces with short lists kept on one line.
  public func text(indented: Bool = false) -> String {
    var text = ""
    write(into: &text, indented: indented, depth: 0)
    return text
  }

  private func write(into text: inout String, indented: Bool, depth: Int) {
    switch content {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    // JSON has no word for what is not finite; readers of our files take null for it.
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let string): text += Self.quoted(string)
    case .array(let elements):
      let flat = elements.allSatisfy { $0.elements == nil && $0.members == nil }
      write(
        elements.map { (nil, $0) }, between: "[]", into: &text, indented: indented && !flat,
        depth: depth)
    case .object(let members):
      write(
        members.map { ($0.key, $0.value) }, between: "{}", into: &text, indented: indented,
        depth: depth)
    }
  }

  private func write(
    _ entries: [(String?, JSON)], between brackets: String, into text: inout String,
    indented: Bool, depth: Int
  ) {
    text += brackets.prefix(1)
    for (index, (key, value)) in entries.enumerated() {
      if index > 0 { text += indented ? "," : ", " }
      if indented { text += "\n" + String(repeating: "  ", count: depth + 1) }
      if let key { text += Self.quoted(key) + ": " }
      value.write(into: &text, indented: indented, depth: depth + 1)
    }
    if indented && !entries.isEmpty { text += "\n" + String(repeating: "  ", count: depth) }
    text += brackets.suffix(1)
  }

  /// A string with its quotes, escaped as JSON asks.
  public static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
