import Settings

/// What the end of a file's name says.
extension FilePath {
  /// `.csv` of `a/b.csv`, `b.CSV` and `b.csv.gz`; nil where the name has none.
  var ending: String? {
    var name = (text.split(separator: "/").last ?? "").lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return name.lastIndex(of: ".").map { String(name[$0...]) }
  }

  /// Whether it ends as tables do, `.csv` or `.tsv`, or as another file.
  func isTable(like other: FilePath) -> Bool {
    ending.map { [".csv", ".tsv"].contains($0) || $0 == other.ending } ?? false
  }
}
