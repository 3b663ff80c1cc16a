/// A table of plain characters or of Markdown: the first column to the left, all others to the right.
public struct TextTable: Sendable, Equatable, CustomStringConvertible {
  public let title: String
  public let columns: [String]
  /// Rows of as many cells as there are columns.
  public let rows: [[String]]

  public init(title: String = "", columns: [String], rows: [[String]]) {
    self.title = title
    self.columns = columns
    self.rows = rows.map { row in
      Array(row.prefix(columns.count))
        + Array(repeating: "", count: max(0, columns.count - row.count))
    }
  }

  /// The title, the names of the columns and the rows, one a line, columns two spaces apart.
  public var description: String { text(width: nil) }

  /// The same for a terminal: where all columns do not fit beside each other, as many as do, and the next ones below,
  /// each time behind the first.
  public func text(width: Int?) -> String {
    let heading = title.isEmpty ? [] : [WrappedText.text(title, width: width)]
    return (heading + [blocks(width).map(block).joined(separator: "\n\n")])
      .joined(separator: "\n")
  }

  private func width(of column: Int) -> Int {
    rows.map { $0[column].count }.reduce(columns[column].count, max)
  }

  /// The columns that stand beside each other.
  private func blocks(_ width: Int?) -> [[Int]] {
    guard let width, let first = columns.indices.first else { return [Array(columns.indices)] }
    var (blocks, taken) = ([[first]], self.width(of: first))
    for column in columns.indices.dropFirst() {
      let more = 2 + self.width(of: column)
      if taken + more > width, blocks[blocks.count - 1].count > 1 {
        blocks.append([first])
        taken = self.width(of: first)
      }
      blocks[blocks.count - 1].append(column)
      taken += more
    }
    return blocks
  }

  private func block(_ chosen: [Int]) -> String {
    let columns = chosen.map { self.columns[$0] }
    let rows = rows.map { row in chosen.map { row[$0] } }
    let widths = chosen.map { width(of: $0) }
    let lines = ([columns] + rows).map { cells in
      let padded = cells.indices.map { index in
        let space = String(repeating: " ", count: widths[index] - cells[index].count)
        return index == 0 ? cells[index] + space : space + cells[index]
      }
      var line = padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return lines.joined(separator: "\n")
  }

  /// The same as GitHub's Markdown.
  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let rule = columns.indices.map { $0 == 0 ? ":--" : "--:" }
    let heading = title.isEmpty ? [] : ["### \(title)", ""]
    return (heading + [line(columns), line(rule)] + rows.map(line)).joined(separator: "\n") + "\n"
  }
}
