/// A CSV file (RFC 4180) in the making: a header row, then rows of as many fields, each line ended by a line feed.
///
/// `CSVTable` reads it back as it was.
public struct CSVWriter: Sendable {
  /// The names in the header row.
  public let columns: [String]
  private var text: [UInt8] = []

  /// A file with these columns and no rows yet.
  public init(columns: [String]) {
    self.columns = columns
    append(columns)
  }

  /// Adds a row of as many fields as there are columns.
  public mutating func append(_ fields: [String]) {
    precondition(fields.count == columns.count, "a row has a field for each column")
    // A line that is empty counts as none.
    let quotesAll = fields == [""]
    for (index, field) in fields.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(field, isQuoted: quotesAll)
    }
    text.append(UInt8(ascii: "\n"))
  }

  /// Adds a row of numbers, each by the fewest digits that give it back, after fields of text.
  public mutating func append(_ fields: [String] = [], numbers: UnsafeBufferPointer<Float>) {
    append(fields + numbers.map { "\($0)" })
  }

  private mutating func append(_ field: String, isQuoted: Bool) {
    guard isQuoted || field.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else {
      text += field.utf8
      return
    }
    text.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { text.append(byte) }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }

  /// The bytes of the file.
  public var encoded: [UInt8] { text }

  /// Writes the file whole or not at all, gzipped where the path ends in `.gz`.
  public func write(_ path: String) throws(FormatError) {
    try AtomicFile.write(path, path.hasSuffix(".gz") ? Gzip.compress(text, file: path) : text)
  }
}
