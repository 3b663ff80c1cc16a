/// Splits text into the pieces that byte pairs are merged within, as GPT-2 does:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
struct PreTokens: Sequence, IteratorProtocol {
  private let text: Substring.UnicodeScalarView
  private var index: String.Index

  init(_ text: Substring.UnicodeScalarView) {
    self.text = text
    index = text.startIndex
  }

  private enum Sort {
    case letter, number, space, other

    init(_ scalar: Unicode.Scalar) {
      if scalar.value < 128 {
        switch scalar.value {
        case 0x61...0x7A, 0x41...0x5A: self = .letter
        case 0x30...0x39: self = .number
        case 0x20, 0x09...0x0D: self = .space
        default: self = .other
        }
        return
      }
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        self = .letter
      case .decimalNumber, .letterNumber, .otherNumber: self = .number
      default: self = scalar.properties.isWhitespace ? .space : .other
      }
    }
  }

  mutating func next() -> Substring.UnicodeScalarView? {
    guard index < text.endIndex else { return nil }
    let start = index
    if text[start] == "'", let end = endOfContraction(from: start) {
      index = end
      return text[start..<end]
    }
    var sort = Sort(text[start])
    text.formIndex(after: &index)
    if sort == .space {
      guard text[start] == " ", index < text.endIndex, Sort(text[index]) != .space else {
        takeSpaces(from: start)
        return text[start..<index]
      }
      // A single space goes with what is behind it.
      sort = Sort(text[index])
    }
    while index < text.endIndex, Sort(text[index]) == sort { text.formIndex(after: &index) }
    return text[start..<index]
  }

  /// Takes a run of spaces but for its last one, which goes with what is behind it or stands alone.
  private mutating func takeSpaces(from start: String.Index) {
    var last = start
    while index < text.endIndex, Sort(text[index]) == .space {
      last = index
      text.formIndex(after: &index)
    }
    if index < text.endIndex, last > start { index = last }
  }

  private func endOfContraction(from start: String.Index) -> String.Index? {
    let rest = text[text.index(after: start)...]
    for ending in ["s", "t", "re", "ve", "m", "ll", "d"]
    where rest.starts(with: ending.unicodeScalars) {
      return rest.index(rest.startIndex, offsetBy: ending.unicodeScalars.count)
    }
    return nil
  }
}
