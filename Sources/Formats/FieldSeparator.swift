/// What may stand between the fields of a line of text.
public enum FieldSeparator: CaseIterable, Sendable {
  case semicolon
  case tab
  case comma
  case bar

  public var character: Character {
    switch self {
    case .semicolon: ";"
    case .tab: "\t"
    case .comma: ","
    case .bar: "|"
    }
  }

  /// For "divided by ...".
  public var plural: String {
    switch self {
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .comma: "commas"
    case .bar: "bars"
    }
  }

  /// The setting that names it: `"separator": ";"`.
  public var setting: String {
    self == .tab ? #""separator": "\t""# : #""separator": "\#(character)""#
  }

  /// What most likely divides a line where another separator was said: what stands in it most often, and more often
  /// than that one; nil where nothing does. `said` nil is white space.
  public static func likely(
    in line: some Sequence<UInt8>, besides said: Character?
  ) -> FieldSeparator? {
    var counts: [UInt8: Int] = [:]
    for byte in line { counts[byte, default: 0] += 1 }
    func count(_ character: Character) -> Int { character.asciiValue.flatMap { counts[$0] } ?? 0 }
    let least = said.map(count) ?? 0
    let others = said == nil ? allCases.filter { $0 != .tab } : allCases
    var best: FieldSeparator?
    for separator in others
    where count(separator.character) > (best.map { count($0.character) } ?? least) {
      best = separator
    }
    return best
  }

  /// For the end of a message about a line that was split by another separator; `setting` replaces what is to be
  /// written.
  public func hint(_ setting: String? = nil) -> String {
    "; the line looks divided by \(plural): \(setting ?? self.setting)"
  }
}

/// For the end of a message about a text that is no number: says so where it is one with a decimal comma, such as
/// `1,5` or `1.234,5`; empty elsewhere.
public func decimalCommaHint(for text: some StringProtocol) -> String {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  guard parts.count == 2, !parts.contains(where: \.isEmpty),
    Double(parts[0].filter { $0 != "." } + "." + parts[1]) != nil
  else { return "" }
  return "; numbers have a decimal point, not a comma"
}
