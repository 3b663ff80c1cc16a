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

    func stand(in line: Substring) -> Bool {
      switch self {
      case .required: true
      case .absent: false
      case .optional: !ImageFile.isNamed(String(line))
      }
    }
  }

  /// The lines of a list but for those that `bad` leaves out.
  ///
  /// Throws: `FormatError` where the list cannot be read, or with the line of a path without a label.
  static func read(
    _ file: String, folder: String, _ labels: Labels, _ bad: inout BadRows
  ) throws(FormatError) -> [Entry] {
    var entries: [Entry] = []
    try TextLines(Gzip.read(file), file: file).read { number, text throws(FormatError) in
      let entry = try bad.value { () throws(FormatError) in
        let line = try text()
        return try Self.entry(
          line, number, file, folder: folder, hasLabels: labels.stand(in: line))
      }
      if let entry { entries.append(entry) }
    }
    return entries
  }

  private static func entry(
    _ line: Substring, _ number: Int, _ file: String, folder: String, hasLabels: Bool
  ) throws(FormatError) -> Entry {
    var name = line
    var label: String?
    if hasLabels {
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
    return Entry(path: path, label: label, line: number)
  }
}
