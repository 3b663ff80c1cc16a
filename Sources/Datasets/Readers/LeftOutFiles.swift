import Formats

/// The files below a folder or in an archive that a reader makes no rows of, by what they are.
struct LeftOutFiles {
  /// Kinds beyond so many are told as one number.
  private static let shown = 8
  /// Files that programs leave behind in folders of data.
  private static let remains = ["Thumbs.db", "desktop.ini"]

  private var counts: [String: Int] = [:]

  init() {}

  /// Counts a file by its path, or all that is in a folder that is left out as one.
  mutating func add(_ path: String) {
    let parts = path.split(separator: "/")
    let name = parts.last.map(String.init) ?? ""
    let kind: String
    if parts.contains(where: { $0 == Directory.macFolder }) {
      kind = Directory.macFolder
    } else if parts.contains(where: { $0.hasPrefix(".") }) {
      kind = "hidden"
    } else if Self.remains.contains(where: { $0.lowercased() == name.lowercased() }) {
      kind = name
    } else if let dot = name.lastIndex(of: ".") {
      kind = name[dot...].lowercased()
    } else {
      kind = "without an ending"
    }
    counts[kind, default: 0] += 1
  }

  /// What was left out of `source` and how often; nothing where nothing was.
  func notes(of source: String) -> [String] {
    let total = counts.values.reduce(0, +)
    guard total > 0 else { return [] }
    let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = kinds.prefix(Self.shown).map { "\($0.key) \($0.value)" }
    let others = kinds.dropFirst(Self.shown).reduce(0) { $0 + $1.value }
    return [
      "\(source): \(total) \(total == 1 ? "file is" : "files are") left out: "
        + (shown + (others > 0 ? ["others \(others)"] : [])).joined(separator: ", ")
    ]
  }
}
