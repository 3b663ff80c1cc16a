import Glibc

/// What output files need of the directories they are in.
public enum Directory {
  /// Makes a directory and those above it where they are missing.
  ///
  /// Throws: `FormatError` where that is forbidden or a file is in the way.
  public static func create(_ path: String) throws(FormatError) {
    if mkdir(path, 0o777) == 0 { return }
    switch errno {
    case EEXIST:
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw FormatError(.cannotCreate, file: path, "expected a directory, got a file")
      }
    case ENOENT where parent(of: path) != path:
      try create(parent(of: path))
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
        throw .output("create the directory", path)
      }
    default: throw .output("create the directory", path)
    }
  }

  /// What is in a directory, in no order; nothing where it cannot be read.
  static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Waits until the names of the files in a directory are on the disk.
  static func synchronize(_ path: String) throws(FormatError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .output("open the directory", path) }
    let directory = OutputFile(path: path, descriptor: descriptor)
    try directory.synchronize()
    try directory.close()
  }

  /// `a/b` of `a/b/c` and of `a/b/c/`, `.` of `c`, `/` of `/c`.
  static func parent(of path: String) -> String {
    var parts = path.utf8[...]
    func dropSlashes() {
      while parts.count > 1, parts.last == UInt8(ascii: "/") { parts.removeLast() }
    }
    dropSlashes()
    guard let slash = parts.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    parts = parts[...slash]
    dropSlashes()
    return String(Substring(parts))
  }
}
