import Glibc

/// Directories: made for output files, and looked through for input.
public enum Directory {
  /// Makes a directory and those above it where they are missing.
  ///
  /// Throws: `FormatError` where that is forbidden or a file is in the way.
  public static func create(_ path: String) throws(FormatError) {
    if mkdir(path, 0o777) == 0 { return }
    switch errno {
    case EEXIST:
      guard exists(path) else {
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

  /// Whether there is a directory of this path.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What is in a directory, in no order; nothing where it cannot be read.
  public static func names(in path: String) -> [String] { (try? contents(of: path)) ?? [] }

  /// What is in a directory, in no order.
  ///
  /// Throws: `FormatError` where it cannot be read.
  public static func contents(of path: String) throws(FormatError) -> [String] {
    guard let stream = opendir(path) else { throw .input("read the directory", path) }
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

  /// The folder in which archives of macOS keep what is no file of the data.
  public static let macFolder = "__MACOSX"

  /// Whether a file or a folder of this name is no data: hidden, or beside them.
  public static func isLeftOut(_ name: some StringProtocol) -> Bool {
    name.hasPrefix(".") || name == macFolder
  }

  /// The paths of the files in a directory and in those within it, without its own path, in the order of their bytes.
  ///
  /// Names that `isLeftOut` tells are left out, and `hidden` is given their paths. A link to a directory counts as one
  /// only right within `path`, so no circle of links is followed.
  /// Throws: `FormatError` where the directory, or one in it, cannot be read.
  public static func files(
    below path: String, hidden: (String) -> Void = { _ in }
  ) throws(FormatError) -> [String] {
    var files: [String] = []
    var pending = [""]
    while let folder = pending.popLast() {
      let full = folder.isEmpty ? path : "\(path)/\(folder)"
      for name in try contents(of: full) {
        let inner = folder.isEmpty ? name : "\(folder)/\(name)"
        guard !isLeftOut(name) else {
          hidden(inner)
          continue
        }
        var status = stat()
        guard
          (folder.isEmpty ? stat("\(path)/\(inner)", &status) : lstat("\(path)/\(inner)", &status))
            == 0
        else { throw .input("open", "\(path)/\(inner)") }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: pending.append(inner)
        case S_IFREG, S_IFLNK: files.append(inner)
        default: break
        }
      }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file.
  ///
  /// Throws: `FormatError` where that is forbidden, or there is no such file.
  public static func remove(_ file: String) throws(FormatError) {
    guard unlink(file) == 0 else { throw .output("remove", file) }
  }

  /// Removes a directory that is there and holds nothing.
  public static func removeIfEmpty(_ path: String) { rmdir(path) }

  /// Waits until the names of the files in a directory are on the disk.
  static func synchronize(_ path: String) throws(FormatError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .output("open the directory", path) }
    let directory = OutputFile(path: path, descriptor: descriptor)
    try directory.synchronize()
    try directory.close()
  }

  /// `a/b` of `a/b/c` and of `a/b/c/`, `.` of `c`, `/` of `/c`.
  public static func parent(of path: String) -> String {
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
