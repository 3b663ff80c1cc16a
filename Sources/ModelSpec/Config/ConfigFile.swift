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
  /// `overrides` are the texts of `--set` options, `a.b[2].c=value`; `mention` is where another file names this one.
  /// Throws: `ConfigError`; all that is wrong at once.
  public static func load(
    _ path: String, overrides: [String] = [], environment: [String: String] = [:],
    namedAt mention: Place? = nil
  ) throws(ConfigError) -> ConfigFile {
    let (file, problems) = try read(
      path, overrides: overrides, environment: environment, namedAt: mention)
    if !problems.isEmpty { throw .invalid(problems) }
    return file
  }

  /// The same for who has more to say of the file: what could not be set or filled in is as it was, and is returned
  /// beside.
  ///
  /// Throws: `ConfigError` where the file, or one that it extends, cannot be read.
  public static func read(
    _ path: String, overrides: [String] = [], environment: [String: String] = [:],
    namedAt mention: Place? = nil
  ) throws(ConfigError) -> (file: ConfigFile, problems: Problems) {
    var loader = ConfigLoader(environment: environment)
    var document = try loader.load(path, mention: mention)
    if !loader.problems.isEmpty { throw .invalid(loader.problems) }
    var problems = Problems()
    for override in overrides { document.apply(override: override, &problems) }
    var references = References(document, allowance: maximumSize)
    let resolved = references.fill()
    var filling = Environment(environment, allowance: maximumSize)
    let effective = filling.fill(resolved)
    problems.add(references.problems)
    problems.add(filling.problems)
    return (ConfigFile(path: path, effective: effective, resolved: resolved), problems.unique)
  }

  /// The file that a path in a document means: relative to the file in which the path stands.
  public static func resolve(_ path: String, of json: JSON) -> String {
    FilePath(path, at: json.place).resolved
  }
}
