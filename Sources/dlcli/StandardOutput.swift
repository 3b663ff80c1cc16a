import Formats
import Glibc

/// Standard output for many lines: written in large pieces, and a full disk is an error.
struct StandardOutput: ~Copyable {
  private static let pieceSize = 1 << 16
  private var bytes: [UInt8] = []

  mutating func write(_ text: String) throws(FormatError) {
    bytes += text.utf8
    if bytes.count >= Self.pieceSize { try flush() }
  }

  /// Writes what is left.
  mutating func flush() throws(FormatError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(STDOUT_FILENO, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw FormatError(
          .inputOutput, file: "standard output", "cannot write: \(String(cString: strerror(errno)))"
        )
      }
      done += count
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
