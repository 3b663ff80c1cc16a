import Formats
import Settings

/// The rows of a text file of numbers.
struct ColumnsTable {
  /// The features, row after row.
  private(set) var features: [Float] = []
  /// The labels as their numbers are written shortest.
  private(set) var labels: [String] = []
  /// The line of the file of each row.
  private(set) var lines: [Int] = []

  private let file: String
  private let separator: Character?
  private let label: Int?
  private let skipped: Int
  private var width: Int?

  init(file: String, separator: Character?, label: Int?, skipping skipped: Int) {
    self.file = file
    self.separator = separator
    self.label = label
    self.skipped = skipped
  }

  /// Reads the rows of a file but for those that `bad` leaves out.
  ///
  /// Throws: `FormatError` with the line of the first row that has other columns than the first, or a field that is no number.
  mutating func read(_ bytes: [UInt8], _ bad: inout BadRows) throws(FormatError) {
    try TextLines(bytes, file: file).read { number, text throws(FormatError) in
      guard number > skipped else { return }
      let count = features.count
      let added: Void? = try bad.value { () throws(FormatError) in try add(text(), number) }
      if added == nil { features.removeLast(features.count - count) }
    }
  }

  /// Adds a row; where it throws, `features` may have some of it.
  private mutating func add(_ line: Substring, _ number: Int) throws(FormatError) {
    let fields =
      separator?.asciiValue.map { line.utf8.split(separator: $0, omittingEmptySubsequences: false) }
      ?? line.utf8.split(whereSeparator: Self.isSpace)
    let width = width ?? fields.count
    guard fields.count == width else {
      throw fail(number, "expected \(width) columns, as in the first row, got \(fields.count)")
    }
    let label = label.map { $0 < 0 ? width + $0 : $0 }
    var name: String?
    var hint: String { FieldSeparator.likely(in: line.utf8, besides: separator)?.hint() ?? "" }
    if self.width == nil {
      guard label.map((0..<width).contains) != false else {
        throw fail(
          number, "expected a label in column \(self.label ?? 0), got \(width) columns\(hint)")
      }
      guard width > (label == nil ? 0 : 1) else {
        throw fail(number, "expected features beside the label, got one column\(hint)")
      }
    }
    for (column, field) in fields.enumerated() {
      let text =
        separator == nil
        ? Substring(field)
        : String(decoding: field.filter { !Self.isSpace($0) }, as: UTF8.self)[...]
      if column == label {
        guard !text.isEmpty else {
          throw fail(number, "expected a label in column \(column), got an empty field")
        }
        name = Self.canonical(String(text))
        continue
      }
      guard let value = Float(text), value.isFinite else {
        let got = text.isEmpty ? "an empty field" : "\"\(text.prefix(60))\""
        let comma = decimalCommaHint(for: text)
        throw fail(
          number,
          "expected a number in column \(column), got \(got)" + (comma.isEmpty ? hint : comma))
      }
      features.append(value)
    }
    self.width = width
    if let name { labels.append(name) }
    lines.append(number)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private func fail(_ line: Int, _ message: String) -> FormatError {
    FormatError(.badData, file: file, at: .line(line), message)
  }

  /// A number as it is written shortest, and any other text as it is.
  static func canonical(_ text: String) -> String {
    guard let number = Double(text), number.isFinite else { return text }
    return Int(exactly: number).map(String.init) ?? "\(number)"
  }

  /// The different labels, in the order of their numbers, or of their bytes where one is no number.
  static func sorted(_ labels: [String]) -> [String] {
    let names = Set(labels.map(ExactString.init)).map(\.text)
    let numbers = names.compactMap { name in Double(name).map { (value: $0, name: name) } }
    return numbers.count == names.count
      ? numbers.sorted { $0.value < $1.value }.map(\.name)
      : names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
