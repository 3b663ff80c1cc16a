import Formats

/// A text file that lists files and their labels, a line each: PATH LABEL. The label stands behind the last space or tab.
struct LabelledList {
  struct Entry {
    let path: String
    let label: String?
    let line: Int
  }

  /// Whether a label stands behind each path.
  enum Labels {
    case required
    case absent
    /// Behind those lines that do not end as the name of a picture.
    case optional
  }

  /// Throws: `FormatError` where the list cannot be read, or with the line of a path without a label.
  static func read(
    _ file: String, folder: String, _ labels: Labels
  ) throws(FormatError) -> [Entry] {
    var entries: [Entry] = []
    try TextLines(Gzip.read(file), file: file).read { number, line throws(FormatError) in
      var name = line
      var label: String?
      let isLabelled =
        switch labels {
        case .required: true
        case .absent: false
        case .optional: !ImageFile.isNamed(String(line))
        }
      if isLabelled {
        let scalars = line.unicodeScalars
        guard let space = scalars.lastIndex(where: { $0 == " " || $0 == "\t" }) else {
          throw FormatError(
            .badData, file: file, at: .line(number),
            "expected a path and a label, got \"\(line.prefix(80))\"; "
              + "\"labels\": false reads paths alone")
        }
        label = String(line[scalars.index(after: space)...])
        name = line[..<space]
        while let last = name.last, last == " " || last == "\t" { name.removeLast() }
      }
      let path = name.hasPrefix("/") ? String(name) : "\(folder)/\(name)"
      entries.append(Entry(path: path, label: label, line: number))
    }
    return entries
  }
}
