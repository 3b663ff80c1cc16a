public import Settings

/// How rows and columns are written in a file.
public enum TableFormat: String, CaseIterable, SettingValue {
  /// A line is a row, tabs part its columns, and nothing is quoted.
  case tsv
  /// RFC 4180, with a header row.
  case csv
  /// A line is a JSON object, whose keys are the columns.
  case jsonl
  /// A line is a text; several files of as many lines are columns beside one another.
  case lines

  /// What the ending of a file's name says; `lines` where it says nothing.
  init(ofFile path: FilePath) {
    let ending = path.ending.map { String($0.dropFirst()) }
    self = ending == "ndjson" ? .jsonl : ending.flatMap(Self.init) ?? .lines
  }
}
