import Glibc

/// A file that a command writes.
enum OutputPath {
  /// Throws: exit code 73 where the file is one that the command reads: it would be gone, and what was read with it.
  static func check(_ path: String, isNoneOf inputs: [String?]) throws {
    guard let own = identity(path) else { return }
    for case let input? in inputs where identity(input).map({ $0 == own }) ?? false {
      throw Failure(
        73,
        "\(path): this command reads the file, which it would overwrite; --output takes another one"
      )
    }
  }

  /// What two names of one file have in common; nil for what is not there.
  private static func identity(_ path: String) -> (dev_t, ino_t)? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return (status.st_dev, status.st_ino)
  }
}
