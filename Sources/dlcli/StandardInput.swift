/// The lines of standard input; a byte order mark in front of the first is left out.
struct StandardInput {
  private var isFirst = true

  /// The next line; nil at the end.
  mutating func nextLine(strippingNewline: Bool = true) -> String? {
    guard var line = readLine(strippingNewline: strippingNewline) else { return nil }
    if isFirst, line.unicodeScalars.first == "\u{FEFF}" { line.unicodeScalars.removeFirst() }
    isFirst = false
    return line
  }
}
