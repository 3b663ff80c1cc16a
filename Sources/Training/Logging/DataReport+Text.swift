public import Datasets
import Settings

extension DataReport {
  /// So many classes or columns are told one by one.
  private static let shown = 10

  /// Lines for a terminal: the rows of each split, and below them what its fields hold.
  public var lines: [String] {
    let fields = splits.flatMap { $0.classes.map(\.field) + $0.numbers.map(\.field) }
    let width = (fields.map { $0.count + 2 } + splits.map(\.split.rawValue.count)).max() ?? 0
    func line(_ name: String, _ text: String) -> String {
      name + String(repeating: " ", count: max(0, width - name.count) + 2) + text
    }
    var lines: [String] = []
    var told: [String: [String]] = [:]
    for rows in splits {
      lines.append(line(rows.split.rawValue, "\(rows.count) rows"))
      for classes in rows.classes { lines.append(line("  " + classes.field, Self.text(classes))) }
      for numbers in rows.numbers {
        lines.append(line("  " + numbers.field, Self.text(numbers, of: rows.count)))
        // Of most data, all splits have the same columns.
        if let columns = rows.columns[numbers.field], columns != told[numbers.field] {
          lines.append(line("", Self.text(columns)))
          told[numbers.field] = columns
        }
      }
    }
    return lines
  }

  private static func text(_ classes: ClassCounts) -> String {
    let named = zip(classes.names, classes.counts).map { "\($0.trimmedForLine) \($1)" }
    var text = "\(classes.names.count) classes: " + named.prefix(shown).joined(separator: ", ")
    let others = classes.counts.dropFirst(shown)
    if let least = others.min(), let most = others.max() {
      text += ", and \(others.count) more, "
      text += least == most ? "of \(least) rows each" : "from \(least) to \(most) rows each"
    }
    return text
  }

  private static func text(_ numbers: Numbers, of count: Int) -> String {
    var parts: [String] = []
    if let finite = numbers.finite {
      parts.append(
        "min \(ResultText.short(Double(finite.minimum))), max \(ResultText.short(Double(finite.maximum))), "
          + "mean \(ResultText.short(finite.mean))")
    }
    if numbers.notFinite > 0 { parts.append("\(numbers.notFinite) that are no finite numbers") }
    let rows = numbers.rows == count ? "all rows" : "first \(numbers.rows) rows"
    return parts.joined(separator: ", ") + " (\(rows))"
  }

  private static func text(_ columns: [String]) -> String {
    "\(columns.count) columns: "
      + columns.prefix(shown).map(\.trimmedForLine).joined(separator: ", ")
      + (columns.count > shown ? " and \(columns.count - shown) more" : "")
  }
}

extension String {
  /// A name for a line of text: in quotes where it would not look like a word, and cut where it is long.
  fileprivate var trimmedForLine: String {
    let isPlain =
      !isEmpty && count <= 40 && first != " " && last != " "
      && unicodeScalars.allSatisfy {
        $0.value >= 0x20 && $0.value != 0x7F && $0 != "," && $0 != "\""
      }
    return isPlain ? self : String(prefix(40)).json.text()
  }
}
