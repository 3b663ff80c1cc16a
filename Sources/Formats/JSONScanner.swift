/// Walks over JSON text (RFC 8259) once, strictly, and builds no tree.
///
/// The header of a model file comes from anywhere and may have 100 MB; this reads it with no more memory than the
/// strings that the caller keeps. Objects with two equal keys are refused, for readers differ in which one they believe.
struct JSONScanner {
  /// How many brackets may lie within each other.
  static let maximumDepth = 64

  private let bytes: [UInt8]
  private let file: String
  /// Where in the file `bytes` begins.
  private let offset: Int
  private var position = 0
  private var depth = 0

  init(_ bytes: [UInt8], file: String, offset: Int) {
    self.bytes = bytes
    self.file = file
    self.offset = offset
  }

  /// Where in the file the scanner stands.
  var place: Int { offset + position }

  /// Reads an object; `member` must read the value of each key.
  mutating func object(
    _ member: (inout JSONScanner, _ key: String) throws(FormatError) -> Void
  ) throws(FormatError) {
    try open("{")
    var seen: Set<String> = []
    if !take("}") {
      repeat {
        skipSpace()
        let start = place
        let key = try string()
        guard seen.insert(key).inserted else {
          throw fail("the key \"\(key.prefix(80))\" stands twice", at: start)
        }
        try expect(":")
        try member(&self, key)
      } while take(",")
      try expect("}")
    }
    depth -= 1
  }

  /// Reads an array; `element` must read each element.
  mutating func array(
    _ element: (inout JSONScanner) throws(FormatError) -> Void
  ) throws(FormatError) {
    try open("[")
    if !take("]") {
      repeat { try element(&self) } while take(",")
      try expect("]")
    }
    depth -= 1
  }

  /// Reads an integer of at least 0 that has no fraction and no exponent.
  mutating func natural() throws(FormatError) -> Int {
    skipSpace()
    let start = place
    let text = try number()
    guard let value = Int(text), value >= 0, text != "-0" else {
      throw fail("expected an integer from 0 to 2^63 - 1, got \(text.prefix(40))", at: start)
    }
    return value
  }

  /// Reads a string.
  mutating func string() throws(FormatError) -> String {
    skipSpace()
    guard peek == UInt8(ascii: "\"") else { throw unexpected("a string") }
    let start = place
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fail("a string that is not valid UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"): text += try escape().utf8
      case 0..<0x20: throw fail("a control character in a string", at: place - 1)
      default: text.append(byte)
      }
    }
    throw fail("a string that no quote ends", at: start)
  }

  /// Reads any value and forgets it.
  mutating func skipValue() throws(FormatError) {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"):
      try object { scanner, _ throws(FormatError) in try scanner.skipValue() }
    case UInt8(ascii: "["):
      try array { scanner throws(FormatError) in try scanner.skipValue() }
    case UInt8(ascii: "\""): _ = try string()
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): _ = try number()
    default:
      for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return
      }
      throw unexpected("a value")
    }
  }

  /// Reads the padding after the last value: spaces to the end.
  mutating func padding() throws(FormatError) {
    while peek == UInt8(ascii: " ") { position += 1 }
    guard peek == nil else { throw unexpected("spaces to the end of the header") }
  }

  private mutating func escape() throws(FormatError) -> String {
    let start = place - 1
    guard let byte = peek else { throw unexpected("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(UnicodeScalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var units = [try hexadecimal()]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try hexadecimal())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw fail("half of a surrogate pair in an escape", at: start)
      }
      return text
    default: throw fail("an escape that JSON does not know", at: start)
    }
  }

  private mutating func hexadecimal() throws(FormatError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else {
        throw unexpected("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private mutating func number() throws(FormatError) -> String {
    let start = position
    _ = take("-")
    if peek == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if peek == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(FormatError) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw unexpected("a digit") }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard let byte = peek, byte == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Character) throws(FormatError) {
    if !take(character) { throw unexpected("\"\(character)\"") }
  }

  private mutating func open(_ bracket: Character) throws(FormatError) {
    guard depth < Self.maximumDepth else {
      throw fail("more than \(Self.maximumDepth) brackets within each other", at: place)
    }
    try expect(bracket)
    depth += 1
  }

  private func unexpected(_ expected: String) -> FormatError {
    guard let byte = peek else {
      return fail("expected \(expected), got the end of the header", at: place)
    }
    let got =
      (0x21..<0x7F).contains(byte)
      ? "\"\(Character(UnicodeScalar(byte)))\"" : "the byte \(byte)"
    return fail("expected \(expected), got \(got)", at: place)
  }

  private func fail(_ message: String, at byte: Int) -> FormatError {
    FormatError(.badData, file: file, at: .byte(byte), message)
  }
}
