import Formats
public import Settings

/// How rows and columns are written in a file.
public enum TableFormat: String, CaseIterable, SettingValue {
  /// A line is a row, tabs part its columns, and nothing is quoted.
  case tsv
  /// RFC 4180, with a header row.
  case csv
  /// A line is a JSON object, whose keys are the columns.
  case jsonl
  /// A line is a text; several files of as many lines are columns beside one another.
  case lines

  /// What the ending of a file's name says; `lines` where it says nothing.
  init(ofFile path: String) {
    let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
    let ending = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) }
    self = ending == "ndjson" ? .jsonl : ending.flatMap(Self.init) ?? .lines
  }
}

/// The bytes of a file, unpacked, and what tells it apart from others.
struct TableFile {
  let path: String
  let bytes: [UInt8]
  let source: SourceFile

  /// Throws: `FormatError` where it cannot be read or unpacked.
  init(_ path: FilePath) throws(FormatError) {
    self.path = path.resolved
    let bytes = try FileBytes.read(self.path)
    source = SourceFile(path: self.path, bytes)
    self.bytes =
      Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, file: self.path) : bytes
  }

  /// Hands over every line and its number, from 1, without its LF or CRLF; a byte order mark is left out.
  ///
  /// Throws: `FormatError` for a line that is not UTF-8, or what `body` throws.
  func forEachLine(
    _ body: (Int, ArraySlice<UInt8>) throws(FormatError) -> Void
  ) throws(FormatError) {
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
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
