/// The words that BLEU counts: those of NIST's mteval-v13a, which sacreBLEU calls `13a`.
///
/// Made for Western languages: ASCII punctuation stands alone, but for apostrophes, for hyphens not behind a digit, and for
/// periods and commas between digits; all other characters stay as they are.
enum BLEUTokenizer {
  /// Words as code points: letters with accents of their own are others than those that hold them.
  static func words(of line: String) -> [[Unicode.Scalar]] {
    var scalars = prepared(line)
    scalars = scalars.flatMap { isSeparate($0) ? [" ", $0, " "] : [$0] }
    scalars = replacingPairs(of: scalars) { first, second in
      isPoint(second) && !isDigit(first) ? [first, " ", second, " "] : nil
    }
    scalars = replacingPairs(of: scalars) { first, second in
      isPoint(first) && !isDigit(second) ? [" ", first, " ", second] : nil
    }
    scalars = replacingPairs(of: scalars) { first, second in
      isDigit(first) && second == "-" ? [first, " ", second, " "] : nil
    }
    return scalars.split(whereSeparator: isSpace).map(Array.init)
  }

  /// The line between spaces, without what only markup and line ends are about.
  private static func prepared(_ line: String) -> [Unicode.Scalar] {
    var scalars = Array(line.unicodeScalars)
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    for (from, to) in [("<skipped>", ""), ("-\n", ""), ("\n", " ")] {
      scalars = replacing(from, by: to, in: scalars)
    }
    if scalars.contains("&") {
      for (from, to) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
        scalars = replacing(from, by: to, in: scalars)
      }
    }
    return [" "] + scalars + [" "]
  }

  /// Every occurrence replaced, from left to right, by code points (a string's own search takes letters with their accents).
  private static func replacing(
    _ part: String, by other: String, in scalars: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    let (part, other) = (Array(part.unicodeScalars), Array(other.unicodeScalars))
    var result: [Unicode.Scalar] = []
    var index = 0
    while index < scalars.count {
      if scalars[index...].starts(with: part) {
        result += other
        index += part.count
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return result
  }

  /// Every pair for which `body` has a replacement, from left to right; what was replaced is in no other pair.
  private static func replacingPairs(
    of scalars: [Unicode.Scalar],
    by body: (Unicode.Scalar, Unicode.Scalar) -> [Unicode.Scalar]?
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var index = 0
    while index < scalars.count {
      if index + 1 < scalars.count, let pair = body(scalars[index], scalars[index + 1]) {
        result += pair
        index += 2
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    return result
  }

  /// ASCII punctuation and symbols, but for the apostrophe and , - .
  private static func isSeparate(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " "..."&", "("..."+", "/", ":"..."@", "["..."`", "{"..."~": true
    default: false
    }
  }

  private static func isPoint(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// White space as Python has it: Unicode's, and the separators of ASCII.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}
