import Formats
import Settings

/// The labels of a CSV column: numbers that are classes, or texts that each name one.
struct CSVLabels {
  let classes: ClassColumn
  /// What the classes are called.
  let names: [String]

  /// Reads the column `name`; `known` lists the texts in the order of their classes.
  ///
  /// Throws: `FormatError` with the line of the first label that is not among the known, or is empty.
  init(_ table: CSVTable, _ name: String, known: [String]?) throws(FormatError) {
    let texts = try table.strings(name)
    let place = { (row: Int) in FormatError.Place.line(table.line(ofRow: row)) }
    if let row = texts.firstIndex(of: "") {
      throw FormatError(
        .badData, file: table.file, at: place(row),
        "expected a label in the column \"\(name)\", got an empty field")
    }
    if known == nil, let largest = Self.largest(of: texts) {
      names = (0...largest).map(String.init)
    } else {
      names = known ?? Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    var numbers: [String: Int] = [:]
    for (number, name) in names.enumerated() { numbers[name] = number }
    var labels: [Double] = []
    labels.reserveCapacity(texts.count)
    for (row, text) in texts.enumerated() {
      guard let number = numbers[text] else {
        throw FormatError(
          .badData, file: table.file, at: place(row),
          "no class \"\(text)\" in the column \"\(name)\"" + suggestion(for: text, among: names))
      }
      labels.append(Double(number))
    }
    classes = try ClassColumn(
      labels: labels, classes: names.count, file: table.file, place: place)
  }

  /// The largest label, where all are whole numbers from 0, written plainly, that leave few classes without a row.
  private static func largest(of texts: [String]) -> Int? {
    var largest = 0
    for text in texts {
      guard let number = Int(text), number >= 0, String(number) == text else { return nil }
      largest = max(largest, number)
    }
    // A column of identifiers is no list of classes; its texts are taken for names.
    return largest < max(256, 4 * texts.count) ? largest : nil
  }
}
