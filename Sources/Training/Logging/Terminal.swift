import Foundation

/// What may be written to standard error, by the conventions of terminals and of continuous integration.
public struct Terminal: Sendable {
  /// Whether a line may be drawn over: a real terminal, and not a log that somebody reads later.
  public let redraws: Bool
  /// How many columns it has.
  public let width: Int
  /// Whether GitHub reads the output.
  public let isGitHub: Bool

  public init(environment: [String: String], isTerminal: Bool, width: Int = 80) {
    func isSet(_ name: String) -> Bool {
      let value = environment[name] ?? ""
      return !value.isEmpty && value != "false"
    }
    redraws = isTerminal && environment["TERM"] != "dumb" && !isSet("CI")
    isGitHub = environment["GITHUB_ACTIONS"] == "true"
    self.width = width
  }

  /// That of this process.
  public static var current: Terminal {
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Terminal(
      environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDERR_FILENO) == 1,
      width: known ? Int(size.ws_col) : 80)
  }
}
