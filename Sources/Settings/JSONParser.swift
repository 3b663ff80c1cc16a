/// Reads JSON text strictly by RFC 8259, with the place of every value.
///
/// Beyond the RFC it refuses duplicate keys, a byte order mark, integers that a `Double` cannot hold exactly (above
/// 2^53), more than `maximumDepth` brackets within each other and more than `maximumSize` bytes. Keys are names of
/// settings, of which no two may be canonically equivalent, or texts, which differ by their code points.
public struct JSONParser {
  public static let maximumDepth = 64
  public static let maximumSize = 16 << 20

  private let bytes: [UInt8]
  private let file: String
  /// The keys of the outermost object that matter; all where nil.
  private let wanted: Set<String>?
  /// Whether keys are the same only where their code points are.
  private let keysAreTexts: Bool
  /// All keys of the outermost object, where only some matter.
  private var keys: [String] = []
  /// Whether the value at hand matters to nobody.
  private var isSkipping = false
  private var position = 0
  private var line = 1
  /// The place that was asked for last, from which the next one is counted: long lines stay linear.
  private var counted = (position: 0, column: 1)

  /// Reads one value that fills the whole text.
  ///
  /// - Parameter keysAreTexts: whether keys are the same only where their code points are, as in a vocabulary.
  /// Throws: `Problems` with the first syntax error, its place, what was expected and what came.
  public static func parse(
    _ bytes: [UInt8], file: String, keysAreTexts: Bool = false
  ) throws(Problems) -> JSON {
    var parser = JSONParser(bytes, file: file, wanted: nil, keysAreTexts: keysAreTexts)
    return try parser.document()
  }

  /// Reads a row of data, an object of which only some members matter, and gives it with these alone, and all its keys.
  ///
  /// The other values may be what Python and JavaScript write beyond the RFC (NaN, integers of any size, half of a
  /// surrogate pair). An integer that matters and that a `Double` cannot hold exactly becomes a string of its digits.
  /// What is no object is given as it is. Keys are texts; those that are equivalent to a wanted one are kept.
  public static func parse(
    _ bytes: [UInt8], file: String, keeping wanted: Set<String>
  ) throws(Problems) -> (json: JSON, keys: [String]) {
    var parser = JSONParser(bytes, file: file, wanted: wanted, keysAreTexts: true)
    let json = try parser.document()
    return (json, parser.keys)
  }

  private init(_ bytes: [UInt8], file: String, wanted: Set<String>?, keysAreTexts: Bool) {
    self.bytes = bytes
    self.file = file
    self.wanted = wanted
    self.keysAreTexts = keysAreTexts
  }

  private mutating func document() throws(Problems) -> JSON {
    guard bytes.count <= Self.maximumSize else {
      throw fail("the file has \(bytes.count) bytes; at most \(Self.maximumSize) are read")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw fail("the file begins with a byte order mark; save it as UTF-8 without one")
    }
    skipSpace()
    if position == bytes.count { throw fail("the file is empty; expected a JSON value") }
    let value = try value(depth: 0)
    skipSpace()
    if position < bytes.count { throw unexpected("the end of the file") }
    return value
  }

  private mutating func value(depth: Int) throws(Problems) -> JSON {
    let start = place
    guard depth <= Self.maximumDepth else {
      throw fail("more than \(Self.maximumDepth) brackets within each other")
    }
    switch peek {
    case UInt8(ascii: "{"): return JSON(.object(try members(depth: depth)), at: start)
    case UInt8(ascii: "["): return JSON(.array(try elements(depth: depth)), at: start)
    case UInt8(ascii: "\""): return JSON(.string(try string()), at: start)
    case _ where isDigit: return JSON(try number(), at: start)
    default:
      for (word, content) in isSkipping ? Self.words + Self.wordsBeyond : Self.words
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return JSON(content, at: start)
      }
      guard peek == UInt8(ascii: "-") else { throw unexpected("a value") }
      return JSON(try number(), at: start)
    }
  }

  private static let words: [(String, JSON.Content)] = [
    ("true", .boolean(true)), ("false", .boolean(false)), ("null", .null),
  ]

  /// Numbers that JSON does not have.
  private static let wordsBeyond: [(String, JSON.Content)] = [
    ("NaN", .null), ("Infinity", .null), ("-Infinity", .null),
  ]

  private mutating func members(depth: Int) throws(Problems) -> [JSON.Member] {
    position += 1
    var members: [JSON.Member] = []
    var seen = SeenKeys(areTexts: keysAreTexts)
    skipSpace()
    if take("}") { return members }
    while true {
      skipSpace()
      let start = place
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
      let key = try string()
      if !isSkipping, let first = seen.insert(key, at: start) {
        throw Problems(
          Problem("the key \"\(key)\" stands twice, first in line \(first.line)", at: start))
      }
      skipSpace()
      guard take(":") else { throw unexpected("\":\" after the key \"\(key)\"") }
      skipSpace()
      if depth == 0, let wanted {
        keys.append(key)
        isSkipping = !wanted.contains(key)
      }
      let member = JSON.Member(key, try value(depth: depth + 1), at: start)
      if !isSkipping { members.append(member) }
      if depth == 0 { isSkipping = false }
      skipSpace()
      if take("}") { return members }
      guard take(",") else { throw unexpected("\",\" or \"}\"") }
    }
  }

  private mutating func elements(depth: Int) throws(Problems) -> [JSON] {
    position += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return elements }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return elements }
      guard take(",") else { throw unexpected("\",\" or \"]\"") }
    }
  }

  private mutating func string() throws(Problems) -> String {
    let start = place
    position += 1
    var text: [UInt8] = []
    while true {
      guard let byte = peek else {
        throw Problems(Problem("a string that no quote ends", at: start))
      }
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        if let string = String(validating: text, as: UTF8.self) { return string }
        guard isSkipping else {
          throw Problems(Problem("a string that is not valid UTF-8", at: start))
        }
        return ""
      case UInt8(ascii: "\\"):
        text += try escape().utf8
      case 0..<0x20:
        throw fail("a control character in a string; write it as an escape such as \\n")
      default:
        text.append(byte)
        position += 1
      }
    }
  }

  private mutating func escape() throws(Problems) -> String {
    position += 1
    guard let byte = peek else { throw unexpected("an escape") }
    if let character = Self.simpleEscape(byte) {
      position += 1
      return character
    }
    guard byte == UInt8(ascii: "u") else { throw unexpected("an escape that JSON knows") }
    position += 1
    var units = [try hexadecimal()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      units.append(try hexadecimal())
    }
    if let character = String(validating: units, as: UTF16.self) { return character }
    guard isSkipping else { throw fail("half of a surrogate pair in an escape") }
    return ""
  }

  private static func simpleEscape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "\""): "\""
    case UInt8(ascii: "\\"): "\\"
    case UInt8(ascii: "/"): "/"
    case UInt8(ascii: "b"): "\u{8}"
    case UInt8(ascii: "f"): "\u{C}"
    case UInt8(ascii: "n"): "\n"
    case UInt8(ascii: "r"): "\r"
    case UInt8(ascii: "t"): "\t"
    default: nil
    }
  }

  private mutating func hexadecimal() throws(Problems) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return unit
  }

  private mutating func number() throws(Problems) -> JSON.Content {
    let start = position
    _ = take("-")
    if take("0") {
      if isDigit { throw fail("a number with a leading zero") }
    } else {
      try digits()
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      _ = take("+") || take("-")
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      if let value = Int(text), value.magnitude <= 1 << 53 { return .integer(value) }
      guard wanted != nil else {
        throw fail("an integer above 2^53, which no reader of JSON holds exactly: \(text)")
      }
      return .string(text)
    }
    if let value = Double(text), value.isFinite { return .number(value) }
    guard isSkipping else { throw fail("a number that is too large: \(text)") }
    return .null
  }

  private mutating func digits() throws(Problems) {
    guard isDigit else { throw unexpected("a digit") }
    while isDigit { position += 1 }
  }

  private var isDigit: Bool {
    peek.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Character) -> Bool {
    guard let byte = peek, character.asciiValue == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek {
      if byte == UInt8(ascii: "\n") {
        line += 1
        counted = (position + 1, 1)
      } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t"), byte != UInt8(ascii: "\r") {
        return
      }
      position += 1
    }
  }

  private var place: Place {
    mutating get {
      // Every UTF-8 byte but continuations begins a character.
      let column =
        counted.column + bytes[counted.position..<position].count { $0 & 0xC0 != 0x80 }
      counted = (position, column)
      return Place(file: file, line: line, column: column)
    }
  }

  private mutating func fail(_ message: String) -> Problems {
    Problems(Problem(message, at: place))
  }

  private mutating func unexpected(_ expected: String) -> Problems {
    guard peek != nil else { return fail("expected \(expected), got the end of the file") }
    let rest = String(decoding: bytes[position...].prefix(16), as: UTF8.self)
    let shown = rest.first.map { $0.isNewline ? "the end of the line" : "\"\($0)\"" } ?? "nothing"
    let hint = rest.hasPrefix("//") || rest.hasPrefix("/*") ? " (JSON has no comments)" : ""
    let trailing =
      rest.hasPrefix("}") || rest.hasPrefix("]") ? " (is there a comma too many before it?)" : ""
    return fail("expected \(expected), got \(shown)\(hint)\(trailing)")
  }
}

/// The keys of an object so far.
private struct SeenKeys {
  let areTexts: Bool
  private var names: [String: Place] = [:]
  private var texts: [ExactString: Place] = [:]

  init(areTexts: Bool) { self.areTexts = areTexts }

  /// The place where the key was before; nil where it is new.
  mutating func insert(_ key: String, at place: Place) -> Place? {
    areTexts
      ? texts.updateValue(place, forKey: ExactString(key))
      : names.updateValue(place, forKey: key)
  }
}
