/// Text for a terminal of so many columns.
public enum WrappedText {
  /// Breaks lines that are longer than a terminal is wide between words.
  ///
  /// What is continued begins under the beginning of its line, so many columns further in. A word that is longer than a
  /// line stays one word. A nil width breaks nothing: the text goes to a file or to another program.
  public static func text(_ text: String, width: Int?, hanging: Int = 2) -> String {
    guard let width else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { lines($0, width: width, hanging: hanging) }.joined(separator: "\n")
  }

  private static func lines(_ line: Substring, width: Int, hanging: Int) -> [String] {
    let indent = min(line.prefix { $0 == " " }.count + hanging, width / 2)
    var (lines, rest) = ([String](), String(line))
    while rest.mostColumns > width {
      let first = rest.firstIndex { $0 != " " } ?? rest.startIndex
      let fitting = rest.prefix(fitting: width + 1)
      // A word that does not fit ends its line where it ends.
      guard
        let gap = rest[first..<max(first, fitting.endIndex)].lastIndex(of: " ")
          ?? rest[first...].firstIndex(of: " ")
      else { break }
      lines.append(String(rest[..<gap]).trimmingEnd)
      let next = rest[gap...].drop { $0 == " " }
      if next.isEmpty { return lines }
      rest = String(repeating: " ", count: indent) + next
    }
    return lines + [rest]
  }

  /// Breaks a text into pieces of so many columns at most, between words where it can.
  public static func pieces(_ text: String, width: Int) -> [String] {
    var (pieces, rest) = ([String](), text[...])
    while rest.mostColumns > width {
      let fitting = rest.prefix(fitting: max(2, width))
      let gap = fitting.lastIndex(of: " ").flatMap { $0 > rest.startIndex ? $0 : nil }
      pieces.append(String(rest[..<(gap ?? fitting.endIndex)]).trimmingEnd)
      rest = rest[(gap ?? fitting.endIndex)...].drop { $0 == " " }
    }
    return pieces + [String(rest)]
  }
}

extension StringProtocol {
  /// How many columns it takes at most: a character beyond ASCII may take two.
  var mostColumns: Int { reduce(0) { $0 + ($1.isASCII ? 1 : 2) } }

  /// As much of its beginning as takes no more than so many columns.
  func prefix(fitting columns: Int) -> SubSequence {
    var left = columns
    return prefix {
      left -= $0.isASCII ? 1 : 2
      return left >= 0
    }
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
