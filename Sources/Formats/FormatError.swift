import Glibc

/// What is wrong with a file: which file, where in it, what was expected and what came.
public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What sort of failure it is, which decides the exit code of the command.
  public enum Kind: Int32, Sendable {
    /// The contents are not what the format says (EX_DATAERR).
    case badData = 65
    /// An input is missing or cannot be opened (EX_NOINPUT).
    case unreadable = 66
    /// An output cannot be created (EX_CANTCREAT).
    case cannotCreate = 73
    /// Reading or writing failed on the way: a full disk, a broken device (EX_IOERR).
    case inputOutput = 74
    /// The permissions forbid it (EX_NOPERM).
    case permission = 77

    /// The exit code of a command that fails for this reason, as sysexits.h numbers them.
    public var exitCode: Int32 { rawValue }
  }

  /// Where in the file.
  public enum Place: Sendable, Hashable {
    /// A line of text, counted from 1.
    case line(Int)
    /// A byte of a binary file, counted from 0.
    case byte(Int)
  }

  public let kind: Kind
  public let file: String
  public let place: Place?
  public let message: String

  public init(_ kind: Kind, file: String, at place: Place? = nil, _ message: String) {
    self.kind = kind
    self.file = file
    self.place = place
    self.message = message
  }

  /// `digits.gz: message`, `table.csv:7: message` or `model.safetensors: byte 8: message`.
  public var description: String {
    switch place {
    case nil: "\(file): \(message)"
    case .line(let line): "\(file):\(line): \(message)"
    case .byte(let byte): "\(file): byte \(byte): \(message)"
    }
  }
}

extension FormatError {
  /// A system call on an input failed; `code` is what it left in `errno`.
  static func input(_ action: String, _ file: String, code: CInt = errno) -> FormatError {
    let kind: Kind =
      switch code {
      case EACCES, EPERM: .permission
      case EIO, ENOMEM: .inputOutput
      default: .unreadable
      }
    return FormatError(kind, file: file, "cannot \(action): \(reason(code))")
  }

  /// A system call on an output failed; `code` is what it left in `errno`.
  static func output(_ action: String, _ file: String, code: CInt = errno) -> FormatError {
    let kind: Kind =
      switch code {
      case EACCES, EPERM: .permission
      case ENOENT, ENOTDIR, EISDIR, EEXIST, ELOOP, ENAMETOOLONG, EROFS, EXDEV, ENOTEMPTY:
        .cannotCreate
      default: .inputOutput
      }
    return FormatError(kind, file: file, "cannot \(action): \(reason(code))")
  }

  private static func reason(_ code: CInt) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
