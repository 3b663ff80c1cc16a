import Formats
import Glibc
import Settings

/// Reads a file and those that it extends, and lays them over each other.
struct ConfigLoader {
  let environment: [String: String]
  var problems = Problems()
  private var allowance = ConfigFile.maximumSize
  private var files = 0
  /// The files that are being read, outermost first: as named and as the system knows them.
  private var chain: [(path: String, canonical: String)] = []

  init(environment: [String: String]) { self.environment = environment }

  mutating func load(_ path: String, mention: Place?) throws(ConfigError) -> JSON {
    let canonical = Self.canonical(path)
    let isCycle = chain.contains { $0.canonical == canonical }
    chain.append((path, canonical))
    defer { chain.removeLast() }
    files += 1
    guard !isCycle, files <= ConfigFile.maximumFiles else {
      let names = chain.map(\.path).joined(separator: " -> ")
      let problem =
        isCycle
        ? "the file extends itself: \(names)"
        : "more than \(ConfigFile.maximumFiles) files are extended: \(names)"
      throw .invalid(Problems(Problem(problem, path: "extends", at: mention)))
    }
    let bytes = try read(path, mention)
    allowance -= bytes.count
    let json = try parse(bytes, path)
    guard json.members != nil else {
      throw .invalid(Problems(Problem("expected an object, got \(json.shown)", at: json.place)))
    }
    var base = JSON(.object([]), at: json.place)
    for reference in bases(of: json) {
      guard let name = reference.string else { continue }
      base = base.merging(
        try load(ConfigFile.resolve(name, of: reference), mention: reference.place))
    }
    return base.merging(json).without("extends", "$schema")
  }

  private func read(_ path: String, _ mention: Place?) throws(ConfigError) -> [UInt8] {
    do {
      return try FileBytes.read(path, limit: min(JSONParser.maximumSize, allowance))
    } catch { throw .file(error, namedAt: mention) }
  }

  private func parse(_ bytes: [UInt8], _ path: String) throws(ConfigError) -> JSON {
    do { return try JSONParser.parse(bytes, file: path) } catch { throw .invalid(error) }
  }

  /// The names of the files that a file extends, each a string with its place.
  private mutating func bases(of json: JSON) -> [JSON] {
    guard let extends = json["extends"] else { return [] }
    var filling = Environment(environment, allowance: allowance)
    let filled = filling.fill(extends, at: "extends")
    problems.add(filling.problems)
    let bases = filled.elements ?? [filled]
    for (index, base) in bases.enumerated() where base.string?.isEmpty ?? true {
      problems.expected(
        "the path of a file", got: base,
        path: filled.elements == nil ? "extends" : path("extends", index))
    }
    return filling.problems.isEmpty ? bases : []
  }

  /// One name for every way of writing the path of a file that exists.
  private static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
