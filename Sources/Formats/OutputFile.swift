import Glibc

/// A file open for writing that checks every call; `close` must be called, for it too can fail.
public struct OutputFile: ~Copyable {
  /// The name in errors.
  public let path: String
  /// -1 once it is closed.
  private var descriptor: CInt

  init(path: String, descriptor: CInt) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Closes without a check where an error is already on its way.
  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  /// Writes all the bytes.
  ///
  /// Throws: `FormatError` such as for a full disk.
  public borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
    if let failure = writeWhole(bytes, to: descriptor) {
      throw .output("write", path, code: failure)
    }
  }

  /// Writes all the bytes.
  public borrowing func write(_ bytes: [UInt8]) throws(FormatError) {
    try bytes.withUnsafeBufferPointer { buffer throws(FormatError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Shortens the file to its first `size` bytes.
  borrowing func truncate(to size: Int) throws(FormatError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw .output("shorten", path) }
  }

  /// Sets who may read and write the file.
  borrowing func setPermissions(_ mode: mode_t) throws(FormatError) {
    guard fchmod(descriptor, mode) == 0 else { throw .output("set the permissions of", path) }
  }

  /// Waits until the contents are on the disk.
  borrowing func synchronize() throws(FormatError) {
    while fsync(descriptor) != 0 {
      if errno == EINTR { continue }
      // Pipes and some devices cannot be synchronised and need not be.
      if errno == EINVAL || errno == EROFS { return }
      throw .output("write to the disk", path)
    }
  }

  /// Closes the file; a full disk may show only here.
  consuming func close() throws(FormatError) {
    let status = Glibc.close(descriptor)
    descriptor = -1
    // Linux has closed the descriptor even where a signal came between.
    guard status == 0 || errno == EINTR else { throw .output("close", path) }
  }
}
