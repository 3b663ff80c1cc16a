/// A table in plain characters, for terminals and logs.
struct Table {
  enum Alignment {
    case left
    case right
  }

  let head: [String]
  let rows: [[String]]
  let alignments: [Alignment]

  /// One line a row; the columns are as wide as they need.
  var text: String {
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    let rule = String(repeating: "-", count: widths.reduce(2 * (widths.count - 1), +))
    let lines = [line(head, widths), rule] + rows.map { line($0, widths) } + [rule]
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let padding = String(repeating: " ", count: widths[column] - cells[column].count)
      return alignments[column] == .left ? cells[column] + padding : padding + cells[column]
    }
    var line = padded.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
