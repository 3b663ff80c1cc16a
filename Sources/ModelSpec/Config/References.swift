import Settings

/// Fills `${ref:path}`, the value at another path of the same document, in every string of it.
struct References {
  let document: JSON
  /// How much weight may yet be put in: references to references can grow without bound.
  private var allowance: Int
  /// The references that are being followed, outermost first.
  private var chain: [SettingPath] = []
  private(set) var problems = Problems()

  init(_ document: JSON, allowance: Int) {
    self.document = document
    self.allowance = allowance
  }

  /// The document with everything filled in.
  mutating func fill() -> JSON { fill(document, at: "", depth: 0) }

  private mutating func fill(_ json: JSON, at path: String, depth: Int) -> JSON {
    switch json.content {
    case .array(let elements):
      var filled: [JSON] = []
      for (index, element) in elements.enumerated() {
        filled.append(fill(element, at: Settings.path(path, index), depth: depth + 1))
      }
      return JSON(.array(filled), at: json.place)
    case .object(let members):
      var filled: [JSON.Member] = []
      for member in members {
        let value = fill(member.value, at: Settings.path(path, member.key), depth: depth + 1)
        filled.append(.init(member.key, value, at: member.place))
      }
      return JSON(.object(filled), at: json.place)
    case .string(let text) where Template.mayHaveHoles(text):
      // Escapes stay until the environment is filled in, so that what is kept can be read again.
      return fillString(json, at: path, depth: depth) ?? json
    default: return json
    }
  }

  private mutating func fillString(_ json: JSON, at path: String, depth: Int) -> JSON? {
    // Self is handed through: the closure below both follows references and is called by one.
    var (me, found) = (self, Problems())
    let filled = json.filling(holesOf: "ref:", unescaping: [], path: path, &found) {
      body, problems in me.follow(body, from: json, at: path, depth: depth, &problems)
    }
    self = me
    problems.add(found)
    return filled
  }

  private mutating func follow(
    _ body: String, from json: JSON, at path: String, depth: Int, _ problems: inout Problems
  ) -> JSON? {
    guard allowance >= 0 else { return nil }
    guard let target = SettingPath(body) else {
      problems.add(
        "expected the path of a value, as in ${ref:training.epochs}, got \"\(body)\"",
        path: path, at: json.place)
      return nil
    }
    guard !chain.contains(target), chain.count < JSONParser.maximumDepth else {
      let names = (chain + [target]).map { $0.description(upTo: $0.steps.count) }
      problems.add(
        "references in a circle: " + names.suffix(8).joined(separator: " -> "),
        path: path, at: json.place)
      return nil
    }
    chain.append(target)
    defer { chain.removeLast() }
    guard let found = find(target, from: json, at: path, depth: depth, &problems) else {
      return nil
    }
    let before = self.problems.list.count
    let value = fill(found, at: body, depth: depth)
    guard self.problems.list.count == before else { return nil }
    allowance -= value.weight
    guard allowance >= 0, depth + value.depth <= JSONParser.maximumDepth else {
      problems.add("references make the file too large or too deep", path: path, at: json.place)
      return nil
    }
    return value
  }

  private mutating func find(
    _ target: SettingPath, from json: JSON, at path: String, depth: Int, _ problems: inout Problems
  ) -> JSON? {
    var current = document
    for (count, step) in target.steps.enumerated() {
      if let text = current.string, Template.mayHaveHoles(text) {
        current = fill(current, at: target.description(upTo: count), depth: depth)
      }
      allowance -= current.members?.count ?? 0
      guard allowance >= 0 else {
        problems.add("too many references in a file this large", path: path, at: json.place)
        return nil
      }
      let next: JSON? =
        switch step {
        case .key(let key): current[key]
        case .index(let index):
          current.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
      guard let next else {
        let missing = target.description(upTo: count + 1)
        var near = ""
        if case .key(let key) = step, let members = current.members {
          near = suggestion(for: key, among: members.map(\.key))
        }
        problems.add(
          "\"${ref:\(target.description(upTo: target.steps.count))}\": there is no \"\(missing)\"\(near)",
          path: path, at: json.place)
        return nil
      }
      current = next
    }
    return current
  }
}
