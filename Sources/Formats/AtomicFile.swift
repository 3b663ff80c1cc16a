import Glibc
import Synchronization

/// Files that are complete or absent: a reader, or a machine that loses power, meets the old contents or the new ones.
///
/// The new contents go to `.tmp-<process>-<number>` in the same directory, which is then synchronised and renamed;
/// last the directory is synchronised.
public enum AtomicFile {
  private static let counter = Atomic<Int>(0)
  private static let prefix = ".tmp-"

  /// Removes what processes that were killed have left of their new contents; nobody may be writing there.
  public static func removeLeftovers(in directory: String) {
    for name in Directory.names(in: directory) {
      let numbers = name.dropFirst(prefix.count).split(
        separator: "-", omittingEmptySubsequences: false)
      // Other programs, too, begin names like this.
      guard name.hasPrefix(prefix), numbers.count == 2,
        numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
      else { continue }
      unlink("\(directory)/\(name)")
    }
  }

  /// Puts what `body` writes in place of `path`. A file that it replaces keeps its permissions; a new one has
  /// those that the process gives new files. Where anything fails, `path` is as before.
  ///
  /// Throws: `FormatError` for the call that failed, or whatever `body` throws.
  public static func write(
    _ path: String, _ body: (borrowing OutputFile) throws(FormatError) -> Void
  ) throws(FormatError) {
    guard !path.utf8.contains(0) else {
      throw FormatError(.cannotCreate, file: path, "cannot create: the path holds a zero byte")
    }
    let directory = Directory.parent(of: path)
    let temporary = try create(in: directory, for: path)
    do throws(FormatError) {
      try fill(temporary.name, temporary.descriptor, for: path, body)
      guard rename(temporary.name, path) == 0 else { throw .output("replace", path) }
    } catch {
      unlink(temporary.name)
      throw error
    }
    try Directory.synchronize(directory)
  }

  /// Puts these bytes in place of `path`.
  public static func write(_ path: String, _ bytes: [UInt8]) throws(FormatError) {
    try write(path) { file throws(FormatError) in try file.write(bytes) }
  }

  /// Puts this text in place of `path`, as UTF-8.
  public static func write(_ path: String, _ text: String) throws(FormatError) {
    try write(path, Array(text.utf8))
  }

  private static func create(
    in directory: String, for path: String
  ) throws(FormatError) -> (name: String, descriptor: CInt) {
    while true {
      let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
      let name = "\(directory)/\(prefix)\(getpid())-\(number)"
      // Nobody else may read the file before it is complete.
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if descriptor >= 0 { return (name, descriptor) }
      // A process of the same number may have died here and left its file.
      if errno != EEXIST { throw .output("create", path) }
    }
  }

  private static func fill(
    _ name: String, _ descriptor: CInt, for path: String,
    _ body: (borrowing OutputFile) throws(FormatError) -> Void
  ) throws(FormatError) {
    let file = OutputFile(path: path, descriptor: descriptor)
    try body(file)
    var old = stat()
    try file.setPermissions(
      stat(path, &old) == 0 ? old.st_mode & 0o777 : 0o666 & ~Self.creationMask)
    try file.synchronize()
    try file.close()
  }

  /// The permissions that this process withholds from new files. Linux tells them only by setting them; the mask
  /// that stands for a moment is a strict one, so a file that another thread makes then is too private, never too open.
  private static let creationMask: mode_t = {
    let mask = umask(0o077)
    umask(mask)
    return mask
  }()
}
