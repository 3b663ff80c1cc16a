import Formats

/// The lines of a text that hold anything, without the white space around them.
///
/// Lines end in LF or CRLF; a byte order mark at the start is left out.
struct TextLines {
  private let bytes: [UInt8]
  private let file: String

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Hands over each line and its number, from 1; the text of a line throws `FormatError` where it is not valid UTF-8.
  ///
  /// Throws: what `body` throws.
  func read(
    _ body: (Int, () throws(FormatError) -> Substring) throws(FormatError) -> Void
  ) throws(FormatError) {
    var start = bytes.withoutByteOrderMark.startIndex
    var number = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      number += 1
      var line = bytes[start..<end]
      while let last = line.last, isSpace(last) { line.removeLast() }
      while let first = line.first, isSpace(first) { line.removeFirst() }
      if !line.isEmpty {
        let bytes = line
        try body(number) { () throws(FormatError) in
          if let text = String(validating: bytes, as: UTF8.self) { return text[...] }
          throw FormatError(
            .badData, file: file, at: .line(number), "expected text in UTF-8, got other bytes")
        }
      }
      start = end + 1
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
