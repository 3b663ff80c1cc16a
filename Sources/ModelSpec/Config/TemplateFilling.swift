import Settings

extension JSON {
  /// This string with the holes that begin with `prefix` filled; those of other kinds stay.
  ///
  /// A string that is nothing but one hole becomes the value that fills it; within a longer text a value must be a string,
  /// a number or true or false. `$${x...}` becomes `${x...}` for each beginning x in `unescaping`. Nil if a hole cannot
  /// be filled; then that is reported.
  func filling(
    holesOf prefix: String, unescaping: [String], path: String, _ problems: inout Problems,
    with fill: (_ body: String, inout Problems) -> JSON?
  ) -> JSON? {
    guard let text = string, Template.mayHaveHoles(text) else { return self }
    let template = Template(text)
    if template.isUnclosed, text.contains("${" + prefix) {
      problems.add("\"${\(prefix)\" without \"}\"", path: path, at: place)
      return nil
    }
    if template.parts.count == 1, case .hole(let body) = template.parts[0], body.hasPrefix(prefix) {
      return fill(String(body.dropFirst(prefix.count)), &problems)
    }
    var filled = ""
    for part in template.parts {
      switch part {
      case .text(let text): filled += text
      case .escaped(let body):
        let isOurs = unescaping.contains { body.hasPrefix($0) }
        filled += isOurs ? Template.written(body) : Template.writtenEscaped(body)
      case .hole(let body) where !body.hasPrefix(prefix): filled += Template.written(body)
      case .hole(let body):
        guard let value = fill(String(body.dropFirst(prefix.count)), &problems) else { return nil }
        guard value.elements == nil, value.members == nil else {
          problems.add(
            "\"\(Template.written(body))\" stands within a text, where only a string, a number or a truth"
              + " value can stand; it is \(value.shown)", path: path, at: place)
          return nil
        }
        filled += value.string ?? value.text()
      }
    }
    return JSON(.string(filled), at: place)
  }
}
