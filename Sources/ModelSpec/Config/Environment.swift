import Settings

/// Fills `${env:NAME}` and `${env:NAME:-default}` in every string of a document.
///
/// A variable that is set to nothing counts as not set. A string that is nothing but one such hole is read as JSON and,
/// where it is none, taken as a string, as the value of `--set` is; the default likewise.
struct Environment {
  let variables: [String: String]
  /// How many bytes may yet be put in.
  private var allowance: Int
  private(set) var problems = Problems()

  init(_ variables: [String: String], allowance: Int) {
    self.variables = variables
    self.allowance = allowance
  }

  /// The value with everything filled in.
  mutating func fill(_ json: JSON, at path: String = "") -> JSON {
    switch json.content {
    case .array(let elements):
      return JSON(
        .array(elements.enumerated().map { fill($1, at: Settings.path(path, $0)) }), at: json.place)
    case .object(let members):
      return JSON(
        .object(
          members.map {
            .init($0.key, fill($0.value, at: Settings.path(path, $0.key)), at: $0.place)
          }), at: json.place)
    case .string(let text) where Template.mayHaveHoles(text): return fill(text, of: json, at: path)
    default: return json
    }
  }

  private mutating func fill(_ text: String, of json: JSON, at path: String) -> JSON {
    let isWhole = Template(text).parts.count == 1
    var found = Problems()
    var used = 0
    let filled = json.filling(holesOf: "env:", unescaping: ["env:", "ref:"], path: path, &found) {
      body, problems in
      guard let value = value(of: body) else {
        let name = body.split(separator: ":", maxSplits: 1).first ?? ""
        problems.add(
          "the environment variable \(name) is not set; a default is written ${env:\(name):-default}",
          path: path, at: json.place)
        return nil
      }
      used += value.utf8.count
      guard used <= allowance else {
        problems.add("the values of the environment make the file too large", path: path)
        return nil
      }
      guard isWhole else { return JSON(.string(value), at: json.place) }
      let parsed = try? JSONParser.parse(Array(value.utf8), file: json.place?.file ?? "")
      return (parsed ?? JSON(.string(value))).moved(to: json.place)
    }
    allowance -= used
    problems.add(found)
    return filled ?? json
  }

  /// The variable of `NAME` or `NAME:-default`.
  private func value(of body: String) -> String? {
    let name = body.prefix { $0 != ":" }
    if let value = variables[String(name)], !value.isEmpty { return value }
    let rest = body.dropFirst(name.count)
    return rest.hasPrefix(":-") ? String(rest.dropFirst(2)) : nil
  }
}

extension JSON {
  /// The value with one place for all of it: where the text stands that it came from.
  func moved(to place: Place?) -> JSON {
    switch content {
    case .array(let elements): JSON(.array(elements.map { $0.moved(to: place) }), at: place)
    case .object(let members):
      JSON(
        .object(members.map { .init($0.key, $0.value.moved(to: place), at: place) }), at: place)
    default: JSON(content, at: place)
    }
  }
}
