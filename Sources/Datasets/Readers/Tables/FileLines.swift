import Formats

/// The lines of a file of text.
extension UnpackedFile {
  /// Hands over every line and its number, from 1, without its LF or CRLF; a byte order mark is left out.
  ///
  /// Throws: `FormatError` for a line that is not UTF-8, or what `body` throws.
  func forEachLine(
    _ body: (Int, ArraySlice<UInt8>) throws(FormatError) -> Void
  ) throws(FormatError) {
    var start = bytes.withoutByteOrderMark.startIndex
    var number = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      number += 1
      let last = end > start && bytes[end - 1] == 0x0D ? end - 1 : end
      try body(number, bytes[start..<last])
      start = end + 1
    }
  }

  func failure(_ line: Int, _ message: String) -> FormatError {
    FormatError(.badData, file: path, at: .line(line), message)
  }

  /// Throws: `FormatError` for bytes that are not UTF-8.
  func text(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(FormatError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure(line, "expected text in UTF-8, got other bytes")
    }
    return text
  }
}
