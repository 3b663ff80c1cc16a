import Training

/// A table in plain characters, for terminals and logs.
struct Table {
  enum Alignment {
    case left
    case right
  }

  let head: [String]
  let rows: [[String]]
  let alignments: [Alignment]

  /// One line a row; the columns are as wide as they need. On a terminal that is narrower, what stands to the left in the widest columns is broken.
  func text(width: Int?) -> String {
    let widths = widths(within: width)
    let rule = String(repeating: "-", count: widths.reduce(2 * (widths.count - 1), +))
    let text = lines(head, widths) + [rule] + rows.flatMap { lines($0, widths) } + [rule]
    return text.joined(separator: "\n") + "\n"
  }

  /// Columns of texts are still of use when they are this wide.
  private static let leastWidth = 10

  private func widths(within width: Int?) -> [Int] {
    var widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    guard let width else { return widths }
    var excess = widths.reduce(2 * (widths.count - 1), +) - width
    let texts = widths.indices.filter { alignments[$0] == .left }
    for column in texts.sorted(by: { widths[$0] > widths[$1] }) where excess > 0 {
      let cut = min(excess, max(0, widths[column] - Self.leastWidth))
      widths[column] -= cut
      excess -= cut
    }
    return widths
  }

  private func lines(_ cells: [String], _ widths: [Int]) -> [String] {
    let pieces = cells.indices.map { column in
      cells[column].count > widths[column]
        ? WrappedText.pieces(cells[column], width: widths[column]) : [cells[column]]
    }
    return (0..<(pieces.map(\.count).max() ?? 0)).map { number in
      line(pieces.map { number < $0.count ? $0[number] : "" }, widths)
    }
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
