import Settings

/// What the entries of a list of layers are called, found before any of them is read: so that a reference to a later
/// one can be told from a misspelt one.
struct NamePlan {
  /// The names of an entry's copies, in their order; one name where nothing is repeated.
  private(set) var copies: [[String]] = []
  /// What stands for the last of several copies.
  private(set) var groups: [String?] = []
  /// Which entry has a name.
  private(set) var owners: [String: Int] = [:]
  /// How many copies there are in all.
  private(set) var count = 0

  /// Plans no further than `limit` copies; `isComplete` then says no.
  private(set) var isComplete = true

  /// The plan of an empty list.
  init() {}

  /// The plan of a list that reads `inputs` from outside; `isTaken` says which other names stand for something already.
  init(
    _ entries: [JSON], at path: String, inputs: Set<String>, limit: Int, _ problems: inout Problems,
    isTaken: (String) -> Bool
  ) {
    var repeats: [Int] = []
    for entry in entries {
      var repetition = 1
      if case .integer(let value)? = entry["repeat"]?.content { repetition = max(1, value) }
      repeats.append(repetition)
      guard repetition <= limit - count else {
        isComplete = false
        return
      }
      count += repetition
    }
    copies = entries.map { _ in [] }
    groups = entries.map { _ in nil }
    for (index, entry) in entries.enumerated() {
      guard let name = entry["name"]?.string else { continue }
      let isOne = repeats[index] == 1
      copies[index] = isOne ? [name] : (1...repeats[index]).map { "\(name)_\($0)" }
      groups[index] = isOne ? nil : name
      for taken in copies[index] + (isOne ? [] : [name]) {
        let path = Settings.path(Settings.path(path, index), "name")
        if inputs.contains(taken) {
          problems.add("\"\(taken)\" is the name of an input", path: path, at: entry["name"]?.place)
        } else if isTaken(taken) {
          problems.add("\"\(taken)\" is there already", path: path, at: entry["name"]?.place)
        } else if let owner = owners[taken] {
          let place = (entries[owner]["name"] ?? entries[owner]).place
          let first = place.map { ", first in line \($0.line)" } ?? ""
          problems.add(
            "two layers are called \"\(taken)\"\(first)", path: path, at: entry["name"]?.place)
        } else {
          owners[taken] = index
        }
      }
    }
    var counters: [String: Int] = [:]
    for (index, entry) in entries.enumerated() where copies[index].isEmpty {
      let type = entry.string ?? entry["type"]?.string ?? "layer"
      for _ in 0..<repeats[index] {
        var name: String
        repeat {
          counters[type, default: 0] += 1
          name = "\(type)_\(counters[type, default: 0])"
        } while owners[name] != nil || inputs.contains(name) || isTaken(name)
        owners[name] = index
        copies[index].append(name)
      }
    }
  }
}
