import Glibc

/// A directory that this process alone works in, until the value goes or the process ends in whatever way.
///
/// The lock is on the directory itself (flock), so that nothing is left behind; it keeps out those who ask for it.
public final class DirectoryLock: Sendable {
  private let descriptor: CInt
  /// Whether the file system has locks; some network file systems have none for directories.
  public let isHeld: Bool

  /// Takes the lock of a directory that exists.
  ///
  /// Throws: `FormatError` where another process holds it, or the directory cannot be opened.
  public init(_ path: String) throws(FormatError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .output("open the directory", path) }
    let isHeld = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    let reason = errno
    guard isHeld || reason != EWOULDBLOCK else {
      close(descriptor)
      throw FormatError(.cannotCreate, file: path, "another process is at work here")
    }
    self.descriptor = descriptor
    self.isHeld = isHeld
  }

  deinit { close(descriptor) }
}
