import Glibc

/// A file open for reading at any offset, closed when the last reference goes.
///
/// Nothing is mapped into memory: a mapping of a file that another process shortens kills its reader by a signal,
/// whereas `pread` into the caller's memory returns an error and needs no second copy either.
public final class InputFile: Sendable {
  public let path: String
  /// How many bytes a regular file held when it was opened; nil for a pipe or a device, whose size nobody knows.
  public let size: Int?
  private let descriptor: CInt

  /// Throws: `FormatError` where the file is missing, a directory or forbidden, or a pointer of Git LFS.
  public init(_ path: String) throws(FormatError) {
    guard !path.utf8.contains(0) else {
      throw FormatError(.unreadable, file: path, "cannot open: the path holds a zero byte")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .input("open", path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .input("open", path, code: code)
    }
    let sort = status.st_mode & S_IFMT
    guard sort != S_IFDIR else {
      close(descriptor)
      throw FormatError(.unreadable, file: path, "expected a file, got a directory")
    }
    self.path = path
    self.descriptor = descriptor
    size = sort == S_IFREG ? Int(status.st_size) : nil
    guard try !isPointer() else {
      throw FormatError(
        .badData, file: path,
        "expected the file itself, got a pointer of Git LFS to it: run `git lfs pull`")
    }
  }

  /// Whether the file only says where Git LFS (Large File Storage) has the contents, as in a clone without it.
  ///
  /// Format: github.com/git-lfs/git-lfs, docs/spec.md: less than 1024 bytes, the first line of which is the version.
  private func isPointer() throws(FormatError) -> Bool {
    let beginnings = ["git-lfs", "hawser"].map { "version https://\($0).github.com/spec/" }
    guard let size, size < 1024 else { return false }
    var start = [UInt8](repeating: 0, count: min(size, 64))
    try start.withUnsafeMutableBufferPointer { buffer throws(FormatError) in
      try read(at: 0, into: UnsafeMutableRawBufferPointer(buffer))
    }
    return beginnings.contains { start.starts(with: $0.utf8) }
  }

  deinit { close(descriptor) }

  /// Reads from the beginning to the end and hands over one piece after the other.
  ///
  /// Throws: `FormatError` where the system cannot read, or what `body` throws.
  func readPieces(
    _ body: (UnsafeRawBufferPointer) throws(FormatError) -> Void
  ) throws(FormatError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .input("read", path)
      }
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Fills `buffer` with the bytes that begin at `offset`.
  ///
  /// Throws: `FormatError` where the file ends before that or the system cannot read.
  public func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FormatError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .input("read", path)
      }
      guard count > 0 else {
        throw FormatError(
          .badData, file: path, at: .byte(offset + done),
          "expected \(buffer.count - done) more bytes, got the end of the file")
      }
      done += count
    }
  }
}
