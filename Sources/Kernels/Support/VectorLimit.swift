import Foundation

/// Holds a program to a vector level, so that it computes as on a processor that has no wider vectors.
public enum VectorLimit {
  /// The environment variable that names a level.
  public static let variable = "DLCLI_VECTORS"

  /// Why a program cannot compute at a level.
  public enum Failure: Error, CustomStringConvertible {
    /// The option or variable of this name asks for what is no level.
    case unknown(source: String, name: String)
    /// It asks for more than this processor has.
    case tooWide(source: String, VectorLevel)
    /// The program could not be started anew, for this reason.
    case restart(VectorLevel, reason: String)

    public var description: String {
      let known = VectorLevel.available.map(\.rawValue).joined(separator: ", ")
      return switch self {
      case .unknown(let source, let name):
        "\(source): there is no vector level \"\(name)\" (this processor has \(known))"
      case .tooWide(let source, let level):
        "\(source): this processor has no vectors of level \(level.rawValue) (it has \(known))"
      case .restart(let level, let reason):
        "cannot start again with OpenBLAS at vector level \(level.rawValue): \(reason)"
      }
    }
  }

  /// Makes all kernels those of a level; an executable calls it once, before anything is computed.
  ///
  /// OpenBLAS chooses its kernels before the program begins, by an environment variable of its own. If they are not
  /// those of the level, the program starts anew with that variable, as the same process. At the widest level OpenBLAS
  /// chooses as it does without us.
  ///
  /// - Parameters:
  ///   - name: what an option named, which goes before the environment; nil for no option.
  ///   - option: what the option is called.
  /// - Throws: for an unknown level and for one that the processor has not.
  public static func apply(_ name: String? = nil, option: String = "--vectors") throws(Failure) {
    let named = value(of: variable)
    guard let wanted = name ?? (named?.isEmpty == true ? nil : named) else { return }
    let source = name == nil ? variable : option
    guard let level = VectorLevel(rawValue: wanted) else {
      throw .unknown(source: source, name: wanted)
    }
    guard level <= .widest else { throw .tooWide(source: source, level) }
    level.use()
    // A library that was built for one processor alone stays what it is, however it is asked.
    guard let coreType = OpenBLAS.coreType(for: level), coreType != OpenBLAS.core,
      coreType != value(of: OpenBLAS.coreTypeVariable)
    else { return }
    setenv(variable, level.rawValue, 1)
    setenv(OpenBLAS.coreTypeVariable, coreType, 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    throw .restart(level, reason: String(cString: strerror(errno)))
  }

  private static func value(of variable: String) -> String? {
    getenv(variable).map { String(cString: $0) }
  }
}
