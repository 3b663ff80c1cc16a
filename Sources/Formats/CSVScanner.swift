/// Splits CSV text into rows of fields, with quotes undone.
struct CSVScanner {
  /// The fields read so far, one behind the other.
  private(set) var text: [UInt8] = []
  /// Where in `text` each of them ends.
  private(set) var ends: [Int] = []

  private let bytes: [UInt8]
  private let file: String
  private let separator: UInt8
  /// For the end of a message about a separator that is missing.
  private let hint: String
  private var position: Int
  private var line = 1
  /// Whether a quote was met that nothing closes, so that nobody knows where the rows behind it begin.
  private(set) var hasOpenQuote = false
  /// The first field of the row at hand that is not UTF-8.
  private var damage: FormatError?
  /// What `text` and `ends` held before the row read last.
  private var before = (text: 0, ends: 0)

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], file: String, separator: UInt8, hint: String) {
    self.bytes = bytes
    self.hint = hint
    self.file = file
    self.separator = separator
    position = bytes.withoutByteOrderMark.startIndex
  }

  /// Forgets the fields read so far, and takes the memory of all that come; returns how many rows those are at most.
  ///
  /// Throws: `FormatError` where that is more than there is, with the lines of the rows.
  mutating func makeRoom() throws(FormatError) -> Int {
    (text, ends) = ([], [])
    let rest = bytes[position...]
    // Those within quotes count too, so there are no more than these.
    var (fields, lines) = (1, 1)
    for byte in rest {
      if byte == separator || byte == Self.lineFeed { fields += 1 }
      if byte == Self.lineFeed { lines += 1 }
    }
    let size = MemoryLayout<Int>.stride
    try FileMemory.check(rest.count + (fields + lines) * size, "the table has", file: file)
    text.reserveCapacity(rest.count)
    ends.reserveCapacity(fields)
    return lines
  }

  /// Forgets the row read last.
  mutating func forgetRow() {
    text.removeLast(text.count - before.text)
    ends.removeLast(ends.count - before.ends)
  }

  /// Reads one row and returns the line in which it begins; nil at the end of the text.
  ///
  /// Throws: `FormatError` with the line of a stray quote, a quote without its end or a byte that is not UTF-8. Unless
  /// `hasOpenQuote`, the row is forgotten and the next one can be read.
  mutating func nextRow() throws(FormatError) -> Int? {
    while position < bytes.count, takeLineEnd() {}
    guard position < bytes.count else { return nil }
    let start = line
    before = (text.count, ends.count)
    damage = nil
    do throws(FormatError) {
      repeat { try field() } while takeSeparator()
      guard position == bytes.count || takeLineEnd() else {
        throw fail(
          bytes[position] == Self.carriageReturn
            ? "expected a line feed after the carriage return"
            : "expected a separator or the end of the line after the closing quote" + hint)
      }
    } catch {
      forgetRow()
      if !hasOpenQuote { skipLine() }
      throw damage ?? error
    }
    if let damage {
      forgetRow()
      throw damage
    }
    return start
  }

  /// Goes on behind the next end of a line.
  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != Self.lineFeed { position += 1 }
    guard position < bytes.count else { return }
    position += 1
    line += 1
  }

  private mutating func field() throws(FormatError) {
    let begin = text.count
    let start = line
    if position < bytes.count, bytes[position] == Self.quote {
      try quotedField()
    } else {
      while position < bytes.count, !isFieldEnd(bytes[position]) {
        guard bytes[position] != Self.quote else {
          throw fail("a quote within a field; put the field in quotes and double it")
        }
        text.append(bytes[position])
        position += 1
      }
    }
    if damage == nil, String(validating: text[begin...], as: UTF8.self) == nil {
      damage = fail("a field that is not valid UTF-8", at: start)
    }
    ends.append(text.count)
  }

  private mutating func quotedField() throws(FormatError) {
    let start = line
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else { return }
        position += 1
      }
      if byte == Self.lineFeed { line += 1 }
      text.append(byte)
    }
    hasOpenQuote = true
    throw fail("a quote that nothing closes", at: start)
  }

  private func isFieldEnd(_ byte: UInt8) -> Bool {
    byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  private mutating func takeSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  private mutating func takeLineEnd() -> Bool {
    var next = position
    if next < bytes.count, bytes[next] == Self.carriageReturn { next += 1 }
    guard next < bytes.count, bytes[next] == Self.lineFeed else { return false }
    position = next + 1
    line += 1
    return true
  }

  private func fail(_ message: String, at line: Int? = nil) -> FormatError {
    FormatError(.badData, file: file, at: .line(line ?? self.line), message)
  }
}
