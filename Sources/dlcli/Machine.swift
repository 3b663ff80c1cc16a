import Foundation

/// The machine that the command runs on.
enum Machine {
  /// How many threads a run uses unless it is told.
  static var threads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
