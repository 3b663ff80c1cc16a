import Glibc

/// Standard error, for what a person is told: where nobody can read it any more, that is no reason to stop.
///
/// A terminal may be gone, a pipe's reader ended or the disk of a log full, and a run of days go on all the same: what
/// it found is in its folder, and how it ended is in the exit code.
public enum StandardError {
  /// Writes a text, as much of it as can be written.
  public static func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = writeWhole(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}
