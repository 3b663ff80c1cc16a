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

  /// The same behind what is known to be wrong; what was found at the places of that follows from it and is left out.
  public func following(_ known: Problems) -> ConfigError {
    if known.isEmpty { return self }
    let places = Set(known.list.compactMap(\.place))
    return .invalid(
      problems.list.reduce(into: known) {
        if !($1.place.map(places.contains) ?? false) { $0.add(Problems($1)) }
      })
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
