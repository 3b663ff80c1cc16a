public import Settings

/// Why a file of settings cannot be used.
public enum ConfigError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It, or a file that it extends, is missing or cannot be read.
  case unreadable(Problem)
  /// The system forbids to read it.
  case forbidden(Problem)
  /// What it says is wrong.
  case invalid(Problems)

  public var description: String {
    switch self {
    case .unreadable(let problem), .forbidden(let problem): problem.description
    case .invalid(let problems): problems.description
    }
  }
}
