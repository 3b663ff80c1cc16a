import Glibc
public import Settings

/// The data files that a config names and that cannot be read, all of them at once.
public struct MissingFiles: Error, Sendable, CustomStringConvertible {
  /// One for each, at the place where the file is named.
  public let problems: Problems

  public var description: String { problems.description }

  /// Throws: `MissingFiles` where any of the files is not there or not to be read.
  static func check(_ paths: [FilePath]) throws(MissingFiles) {
    var problems = Problems()
    for path in paths where access(path.resolved, R_OK) != 0 {
      let reason = String(cString: strerror(errno))
      problems.add(
        "cannot read \"\(path.resolved)\": \(reason)", path: path.keys, at: path.place)
    }
    if !problems.isEmpty { throw MissingFiles(problems: problems) }
  }
}
