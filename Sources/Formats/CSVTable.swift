import Settings

/// A table read from CSV (RFC 4180): a header row, then rows of as many fields.
///
/// Fields in double quotes may hold separators, line ends and doubled quotes. Lines end in LF or CRLF, a byte order mark
/// at the start and empty lines are skipped. The fields lie in one block of memory, so that a long table costs little
/// more than its file.
public struct CSVTable: Sendable {
  public let file: String
  /// The names in the header row, all different by their code points.
  public let columns: [String]
  /// What the header looks divided by, where that is another separator than the one that was said.
  public let otherSeparator: FieldSeparator?
  private let text: [UInt8]
  /// Where in `text` each field ends, row after row.
  private let ends: [Int]
  /// The line of the file in which each row begins.
  private let lines: [Int]

  /// Reads a file, gzipped or not.
  ///
  /// Throws: `FormatError` where it cannot be read, or for the first mistake in it with its line.
  public init(
    reading path: String, separator: Character = ",", limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) {
    try self.init(parsing: Gzip.read(path, limit: limit), file: path, separator: separator)
  }

  /// Reads the bytes of a file; `file` is the name in errors and `separator` an ASCII character.
  ///
  /// `leavingOut` is given what is wrong with each row that cannot be read, and leaves it out unless it throws.
  /// Throws: that; `FormatError` for a header that cannot be read and for a quote that nothing closes, behind which no
  /// row is known.
  public init(
    parsing bytes: [UInt8], file: String, separator: Character = ",",
    leavingOut: (FormatError) throws(FormatError) -> Void = { error throws(FormatError) in
      throw error
    }
  ) throws(FormatError) {
    func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    let header = bytes.drop(while: endsLine).prefix { !endsLine($0) }
    let otherSeparator = FieldSeparator.likely(in: header, besides: separator)
    let hint = otherSeparator?.hint() ?? ""
    var scanner = CSVScanner(
      bytes, file: file, separator: separator.asciiValue ?? 0x2C, hint: hint)
    guard let headerLine = try scanner.nextRow() else {
      throw FormatError(.badData, file: file, at: .line(1), "expected a header row, got no text")
    }
    var columns: [String] = []
    var start = 0
    for end in scanner.ends {
      columns.append(String(decoding: scanner.text[start..<end], as: UTF8.self))
      start = end
    }
    var seen: Set<ExactString> = []
    for column in columns where !seen.insert(ExactString(column)).inserted {
      throw FormatError(
        .badData, file: file, at: .line(headerLine), "two columns have the name \"\(column)\"")
    }
    var lines: [Int] = []
    lines.reserveCapacity(try scanner.makeRoom())
    while true {
      do throws(FormatError) {
        guard let line = try scanner.nextRow() else { break }
        let got = scanner.ends.count - lines.count * columns.count
        guard got == columns.count else {
          scanner.forgetRow()
          throw FormatError(
            .badData, file: file, at: .line(line),
            "expected \(columns.count) fields as in the header, got \(got)\(hint)")
        }
        lines.append(line)
      } catch {
        guard !scanner.hasOpenQuote else { throw error }
        try leavingOut(error)
      }
    }
    self.file = file
    self.columns = columns
    self.otherSeparator = otherSeparator
    self.lines = lines
    text = scanner.text
    ends = scanner.ends
  }

  /// Some rows of another table.
  ///
  /// - Parameter rows: their numbers, in the order that they will have.
  public init(_ rows: [Int], of table: CSVTable) {
    var (text, ends, lines): ([UInt8], [Int], [Int]) = ([], [], [])
    for row in rows {
      for column in table.columns.indices {
        text += table.bytes(row: row, column: column)
        ends.append(text.count)
      }
      lines.append(table.lines[row])
    }
    (file, columns, otherSeparator) = (table.file, table.columns, table.otherSeparator)
    (self.text, self.ends, self.lines) = (text, ends, lines)
  }

  /// For the end of messages: what the header looks divided by; empty where that is the separator.
  public var separatorHint: String { otherSeparator?.hint() ?? "" }

  /// How many rows there are below the header.
  public var rowCount: Int { lines.count }

  /// The line of the file in which a row begins, for errors about its contents.
  public func line(ofRow row: Int) -> Int { lines[row] }

  /// Where a column stands: that of the same code points or, where there is none, the first of an equivalent name.
  ///
  /// Throws: `FormatError` with the nearest name where there is none of this name.
  public func index(of column: String) throws(FormatError) -> Int {
    if let index = columns.firstIndex(named: column) { return index }
    throw FormatError(
      .badData, file: file, at: .line(1),
      "no column \"\(column)\"\(suggestion(for: column, among: columns))\(separatorHint)")
  }

  /// One field as text.
  public subscript(row row: Int, column column: Int) -> String {
    String(decoding: bytes(row: row, column: column), as: UTF8.self)
  }

  /// A column as numbers.
  ///
  /// Throws: `FormatError` with the line of the first field that is no finite number.
  public func numbers(_ column: String) throws(FormatError) -> [Double] {
    let index = try index(of: column)
    var numbers: [Double] = []
    numbers.reserveCapacity(rowCount)
    for row in 0..<rowCount { numbers.append(try number(row: row, column: index)) }
    return numbers
  }

  /// One field as a number.
  ///
  /// Throws: `FormatError` with the line of a field that is no finite number.
  public func number(row: Int, column: Int) throws(FormatError) -> Double {
    let field = self[row: row, column: column]
    if let number = Double(field), number.isFinite { return number }
    let got = field.isEmpty ? "an empty field" : "\"\(field.prefix(60))\""
    let comma = decimalCommaHint(for: field)
    throw FormatError(
      .badData, file: file, at: .line(lines[row]),
      "expected a number in the column \"\(columns[column])\", got \(got)"
        + (comma.isEmpty ? separatorHint : comma))
  }

  private func bytes(row: Int, column: Int) -> ArraySlice<UInt8> {
    let field = row * columns.count + column
    return text[(field == 0 ? 0 : ends[field - 1])..<ends[field]]
  }
}
