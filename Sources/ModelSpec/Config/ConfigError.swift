public import Formats
public import Settings

/// Why a file of settings cannot be used.
public enum ConfigError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It, or a file that it extends or that is its model, which is then named at that place, cannot be read.
  case file(FormatError, namedAt: Place?)
  /// What it says is wrong.
  case invalid(Problems)

  /// As sysexits.h numbers them: 66 where a file is missing, 77 where it is forbidden, 78 (EX_CONFIG) for what it says.
  public var exitCode: Int32 {
    switch self {
    case .file(let error, _): error.kind.exitCode
    case .invalid: 78
    }
  }

  /// Each thing that is wrong, at its place.
  public var problems: Problems {
    switch self {
    case .file(let error, let place): Problems(Problem(error.description, at: place))
    case .invalid(let problems): problems
    }
  }

  public var description: String {
    switch self {
    case .file(let error, let place):
      [place?.description, error.description]
        .compactMap(\.self).joined(separator: ": ")
    case .invalid(let problems): problems.description
    }
  }
}
