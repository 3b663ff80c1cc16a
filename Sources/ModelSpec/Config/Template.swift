/// A text with holes: `${env:HOME}/runs/${ref:name}`.
///
/// `$${` is how `${` is written where it is not meant as a hole.
struct Template {
  enum Part: Equatable {
    case text(String)
    /// What stands between the braces.
    case hole(String)
    /// What stands between the braces behind `$$`.
    case escaped(String)
  }

  private(set) var parts: [Part] = []
  /// Whether a hole is not closed; it then counts as text.
  private(set) var isUnclosed = false

  init(_ text: String) {
    let bytes = Array(text.utf8)
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    var position = 0
    var textStart = 0
    while position + 1 < bytes.count {
      guard bytes[position] == UInt8(ascii: "$"), bytes[position + 1] == UInt8(ascii: "{") else {
        position += 1
        continue
      }
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "}")) else {
        isUnclosed = true
        break
      }
      let isEscaped = position > textStart && bytes[position - 1] == UInt8(ascii: "$")
      let textEnd = isEscaped ? position - 1 : position
      if textStart < textEnd { parts.append(.text(string(textStart..<textEnd))) }
      let body = string(position + 2..<end)
      parts.append(isEscaped ? .escaped(body) : .hole(body))
      position = end + 1
      textStart = position
    }
    if textStart < bytes.count { parts.append(.text(string(textStart..<bytes.count))) }
  }

  /// Whether a text may have holes at all; most have none.
  static func mayHaveHoles(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "$")) }

  /// How a hole is written.
  static func written(_ body: String) -> String { "${\(body)}" }

  /// How a hole that is not meant is written.
  static func writtenEscaped(_ body: String) -> String { "$${\(body)}" }
}
