import Formats

/// What people should know of the data that a command read.
enum Notes {
  /// Tells them on standard error, a line each.
  static func tell(_ notes: [String]) {
    for note in notes { StandardError.write(note + "\n") }
  }
}
