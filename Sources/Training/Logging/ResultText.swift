import Foundation

/// How numbers look to people; files have them as `text` has.
public enum ResultText {
  /// Every digit: the shortest decimal that reads back as the same double, such as `0.9871666666666666`.
  ///
  /// What a run logged and what `eval` prints later are the same characters where they are the same number.
  public static func text(_ value: Double) -> String { "\(value)" }

  /// For lines that are looked at in passing: four decimals where they say something (`0.9872`, `12.3400`), else four
  /// digits and an exponent (`3.000e-05`).
  public static func short(_ value: Double) -> String {
    let size = value.magnitude
    if value.isFinite, size == 0 || (size >= 0.001 && size < 10_000) {
      return String(format: "%.4f", value)
    }
    return value.isFinite ? String(format: "%.3e", value) : "\(value)"
  }

  /// So many decimals.
  static func fixed(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// A length of time: `42s`, `3m05s`, `2h07m`.
  static func duration(_ seconds: Double) -> String {
    let whole = seconds.isNaN ? 0 : Int(min(max(0, seconds.rounded()), 1e9))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
    return "\(whole / 3600)h\(two(whole / 60 % 60))m"
  }
}
