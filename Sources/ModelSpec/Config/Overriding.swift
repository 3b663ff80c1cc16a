public import Settings

extension JSON {
  /// This document with the texts of `--set` options applied.
  ///
  /// Throws: every one that names nothing.
  public func overridden(by overrides: [String]) throws(Problems) -> JSON {
    var (document, problems) = (self, Problems())
    for override in overrides { document.apply(override: override, &problems) }
    try problems.throwIfAny()
    return document
  }

  /// Sets one value by the text of a `--set` option: `training.stages[1].epochs=3`.
  ///
  /// The value is read as JSON and, where it is none, taken as a string. Objects on the way that are missing are made;
  /// elements of lists must be there. The place of the value is line 1 of the file `--set`.
  mutating func apply(override text: String, _ problems: inout Problems) {
    let place = Place(file: "--set", line: 1, column: 1)
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let path = SettingPath(parts[0]) else {
      problems.add(
        "expected a path, \"=\" and a value, as in training.epochs=3, got \(JSON(.string(text)).shown)",
        at: place)
      return
    }
    let value =
      (try? JSONParser.parse(Array(parts[1].utf8), file: place.file))
      ?? JSON(.string(String(parts[1])), at: place)
    set(path, step: 0, value, &problems)
  }

  private mutating func set(
    _ path: SettingPath, step: Int, _ value: JSON, _ problems: inout Problems
  ) {
    guard step < path.steps.count else {
      self = value
      return
    }
    func fail(_ message: String) {
      problems.add(
        message + "; it is there that \"\(path.description(upTo: path.steps.count))\" leads",
        path: path.description(upTo: step), at: Place(file: "--set", line: 1, column: 1))
    }
    switch path.steps[step] {
    case .key(let key):
      guard var members else {
        let hint = elements != nil && Int(key) != nil ? ", whose elements are written [\(key)]" : ""
        return fail("expected an object, got \(shown)\(hint)")
      }
      let position = members.firstIndex { $0.key == key } ?? members.count
      if position == members.count {
        members.append(Member(key, JSON(.object([]), at: value.place), at: value.place))
      }
      members[position].value.set(path, step: step + 1, value, &problems)
      content = .object(members)
    case .index(let index):
      guard var elements else { return fail("expected a list, got \(shown)") }
      guard elements.indices.contains(index) else {
        return fail("expected a list with an element \(index), got \(shown)")
      }
      elements[index].set(path, step: step + 1, value, &problems)
      content = .array(elements)
    }
  }
}
