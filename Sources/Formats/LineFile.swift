/// Files of lines, of which every one counts, empty ones too.
public enum LineFile {
  /// The lines of a text in UTF-8, gzipped or not; they end in LF or CRLF, and a byte order mark at the start is left out.
  ///
  /// Throws: `FormatError` where the file cannot be read, with the line of the first bytes that are not UTF-8.
  public static func read(_ path: String) throws(FormatError) -> [String] {
    let bytes = try Gzip.read(path)
    var lines: [String] = []
    var start = bytes.withoutByteOrderMark.startIndex
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      var line = bytes[start..<end]
      if line.last == 0x0D { line.removeLast() }
      guard let text = String(validating: line, as: UTF8.self) else {
        throw FormatError(
          .badData, file: path, at: .line(lines.count + 1),
          "expected text in UTF-8, got other bytes")
      }
      lines.append(text)
      start = end + 1
    }
    return lines
  }
}
