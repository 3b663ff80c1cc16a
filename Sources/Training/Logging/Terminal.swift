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
  /// Whether text may be coloured.
  public let colors: Bool
  /// Whether GitHub reads the output.
  public let isGitHub: Bool

  public init(
    environment: [String: String], isTerminal: Bool, color: ColorChoice = .auto
  ) {
    func isSet(_ name: String) -> Bool {
      let value = environment[name] ?? ""
      return !value.isEmpty && value != "false"
    }
    redraws = isTerminal && environment["TERM"] != "dumb" && !isSet("CI")
    isGitHub = environment["GITHUB_ACTIONS"] == "true"
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
    Terminal(
      environment: ProcessInfo.processInfo.environment, isTerminal: isatty(STDERR_FILENO) == 1,
      color: color)
  }

  /// How many columns standard error has at this moment, for a window may change while a command runs.
  public static var currentWidth: Int { currentWidth(of: STDERR_FILENO) }

  /// How many columns standard output has; nil where it is no terminal, so that files and other programs get lines as
  /// they are.
  public static var outputWidth: Int? {
    isatty(STDOUT_FILENO) == 1 ? currentWidth(of: STDOUT_FILENO) : nil
  }

  private static func currentWidth(of descriptor: Int32) -> Int {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return width(
      window: isKnown ? Int(size.ws_col) : nil,
      asked: getenv("COLUMNS").map { String(cString: $0) })
  }

  /// The narrower of the window and of what COLUMNS asks for, lest a line that is drawn over is broken; else 80.
  static func width(window: Int?, asked columns: String?) -> Int {
    let asked = columns.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    return [window, asked].compactMap(\.self).min() ?? 80
  }
}
