import Glibc
import Synchronization

/// A log that grows by whole records: where one cannot be written whole, what was written of it is taken back.
///
/// Any thread may append.
public final class AppendFile: Sendable {
  public let path: String
  private let state: Mutex<State>

  private struct State: ~Copyable {
    let file: OutputFile
    /// How many bytes of whole records the file holds.
    var size: Int
  }

  /// Creates a file that must not exist yet.
  ///
  /// Throws: `FormatError` where it exists or cannot be created.
  public convenience init(creating path: String) throws(FormatError) {
    try self.init(path, O_WRONLY | O_CREAT | O_EXCL) { _ throws(FormatError) in 0 }
  }

  /// Opens a file of lines to append to, or creates it. A last line without its end is what a process wrote when
  /// it was killed, and is removed.
  ///
  /// Throws: `FormatError` where it cannot be opened.
  public convenience init(lines path: String) throws(FormatError) {
    try self.init(path, O_RDWR | O_CREAT) { descriptor throws(FormatError) in
      try sizeOfWholeLines(of: path, descriptor)
    }
  }

  private init(
    _ path: String, _ flags: CInt, _ wholeSize: (CInt) throws(FormatError) -> Int
  ) throws(FormatError) {
    guard !path.utf8.contains(0) else {
      throw FormatError(.cannotCreate, file: path, "cannot create: the path holds a zero byte")
    }
    let descriptor = open(path, flags | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .output("open", path) }
    let file = OutputFile(path: path, descriptor: descriptor)
    let size = try wholeSize(descriptor)
    try file.truncate(to: size)
    self.path = path
    state = Mutex(State(file: file, size: size))
  }

  /// Appends one record in one call, so that another process reads it whole or not at all.
  ///
  /// Throws: `FormatError` such as for a full disk; the file then ends with the record before.
  public func append(_ record: [UInt8]) throws(FormatError) {
    let failure = state.withLock { state -> FormatError? in
      do throws(FormatError) {
        try state.file.write(record)
        state.size += record.count
        return nil
      } catch {
        // The error that matters is the first; a disk that refuses to shorten a file has told all it can.
        try? state.file.truncate(to: state.size)
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Appends a line; `line` must hold no line feed.
  public func append(line: String) throws(FormatError) {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a line of a log holds a line feed")
    try append(Array(line.utf8) + [UInt8(ascii: "\n")])
  }

  /// Waits until everything appended is on the disk.
  public func synchronize() throws(FormatError) {
    let failure = state.withLock { state -> FormatError? in
      do throws(FormatError) {
        try state.file.synchronize()
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }
}

/// The size of a file up to and with its last line feed, sought backwards from its end.
private func sizeOfWholeLines(of path: String, _ descriptor: CInt) throws(FormatError) -> Int {
  var end = Int(lseek(descriptor, 0, SEEK_END))
  var chunk = [UInt8](repeating: 0, count: 1 << 12)
  while end > 0 {
    let start = max(0, end - chunk.count)
    let count = pread(descriptor, &chunk, end - start, off_t(start))
    guard count == end - start else { throw .output("read the end of", path) }
    if let last = chunk[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + last + 1 }
    end = start
  }
  return 0
}
