import Glibc

/// Standard output, for the results of a command: written in large pieces, and whatever cannot be written is an error.
///
/// A reader that went away is none: it has what it wanted, so the process then ends as SIGPIPE ends one, as it would
/// under any other command of a pipeline.
public struct StandardOutput: ~Copyable {
  private static let pieceSize = 1 << 16
  private var bytes: [UInt8] = []

  public init() {}

  /// Writes a text at once.
  ///
  /// Throws: `FormatError` such as for a full disk, or where standard output is closed.
  public static func print(_ text: String, terminator: String = "\n") throws(FormatError) {
    var output = StandardOutput()
    try output.write(text)
    try output.write(terminator)
    try output.flush()
  }

  /// Writes a text with those that follow it; `flush` writes the last.
  public mutating func write(_ text: String) throws(FormatError) {
    bytes += text.utf8
    if bytes.count >= Self.pieceSize { try flush() }
  }

  /// Writes what is left.
  public mutating func flush() throws(FormatError) {
    defer { bytes.removeAll(keepingCapacity: true) }
    switch bytes.withUnsafeBytes({ writeWhole($0, to: STDOUT_FILENO) }) {
    case nil: return
    case EPIPE: StandardStreams.endAsByBrokenPipe()
    case EBADF:
      throw FormatError(.inputOutput, file: "standard output", "cannot write: it is closed")
    case let failure?: throw .output("write", "standard output", code: failure)
    }
  }
}
