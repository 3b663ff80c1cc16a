public import Settings

/// A file of settings with all that belongs to it.
///
/// What is in force, from the strongest: `--set`, the file, the files that it `extends` (the later over the earlier), each
/// with the files that it extends in turn. Then `${ref:path}` is filled in, and then `${env:NAME}`. Two keys of the
/// outermost object are read here and not passed on: `extends` and `$schema` (which is for editors).
public struct ConfigFile: Sendable {
  /// How much the file may grow by what it names, in bytes.
  public static let maximumSize = 64 << 20
  /// How many files may be read for one.
  public static let maximumFiles = 256

  /// The file as it was named.
  public let path: String
  /// What is to be done: everything filled in.
  public let effective: JSON
  /// What is to be kept: as `effective`, but with the text `${env:NAME}` instead of what is in the environment, which
  /// may be secret.
  public let resolved: JSON

  /// Reads a file.
  ///
  /// `overrides` are the texts of `--set` options, `a.b[2].c=value`. Throws: `ConfigError`; all that is wrong at once.
  public static func load(
    _ path: String, overrides: [String] = [], environment: [String: String] = [:]
  ) throws(ConfigError) -> ConfigFile {
    var loader = ConfigLoader(environment: environment)
    var document = try loader.load(path, mention: nil)
    var problems = loader.problems
    for override in overrides { document.apply(override: override, &problems) }
    if !problems.isEmpty { throw .invalid(problems) }
    var references = References(document, allowance: maximumSize)
    let resolved = references.fill()
    var filling = Environment(environment, allowance: maximumSize)
    let effective = filling.fill(resolved)
    problems.add(references.problems)
    problems.add(filling.problems)
    if !problems.isEmpty { throw .invalid(problems.unique) }
    return ConfigFile(path: path, effective: effective, resolved: resolved)
  }

  /// The file that a path in a document means: relative to the file in which the path stands.
  public static func resolve(_ path: String, of json: JSON) -> String {
    FilePath(path, at: json.place).resolved
  }
}

/// Reads a file and those that it extends, and lays them over each other.
private struct ConfigLoader {
  let environment: [String: String]
  var problems = Problems()
  private var allowance = ConfigFile.maximumSize
  private var files = 0
  /// The files that are being read, outermost first: as named and as the system knows them.
  private var chain: [(path: String, canonical: String)] = []

  init(environment: [String: String]) { self.environment = environment }

  mutating func load(_ path: String, mention: Place?) throws(ConfigError) -> JSON {
    let canonical = canonicalPath(path)
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
    let bytes = try fileBytes(path, limit: min(JSONParser.maximumSize, allowance), mention: mention)
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
}
