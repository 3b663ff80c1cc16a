import Foundation

/// What may be written to standard error, by the conventions of terminals and of continuous integration.
public struct Terminal: Sendable {
  /// Who decides on colours.
  public enum ColorChoice: String, Sendable, CaseIterable {
    case auto
    case always
    case never
  }

  /// Whether a line may be drawn over: a real terminal, and not a log that somebody reads later.
  public let redraws: Bool
  /// How many columns it has.
  public let width: Int
  /// Whether text may be coloured.
  public let colors: Bool
  /// Whether GitHub reads the output.
  public let isGitHub: Bool

  public init(
    environment: [String: String], isTerminal: Bool, width: Int = 80, color: ColorChoice = .auto
  ) {
    func isSet(_ name: String) -> Bool {
      let value = environment[name] ?? ""
      return !value.isEmpty && value != "false"
    }
    redraws = isTerminal && environment["TERM"] != "dumb" && !isSet("CI")
    isGitHub = environment["GITHUB_ACTIONS"] == "true"
    self.width = width
    colors =
      switch color {
      case .always: true
      case .never: false
      case .auto:
        Self.colors(environment, isTerminal: isTerminal && environment["TERM"] != "dumb")
      }
  }

  /// What the environment says of colours, from the strongest: NO_COLOR (no-color.org), FORCE_COLOR and CLICOLOR_FORCE,
  /// CLICOLOR (bixense.com/clicolors); then whether somebody looks. Empty variables count as unset.
  private static func colors(_ environment: [String: String], isTerminal: Bool) -> Bool {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if value("NO_COLOR") != nil { return false }
    let forced = ["FORCE_COLOR", "CLICOLOR_FORCE"].compactMap(value)
    if forced.contains(where: { $0 != "0" }) { return true }
    return value("CLICOLOR") != "0" && isTerminal
  }

  /// That of this process.
  public static func current(color: ColorChoice = .auto) -> Terminal {
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return Terminal(
      environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDERR_FILENO) == 1,
      width: known ? Int(size.ws_col) : 80, color: color)
  }
}
