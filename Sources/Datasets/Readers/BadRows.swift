import Formats
public import Settings

/// What a reader does with a row that is not as it should be.
public enum BadRowPolicy: String, CaseIterable, SettingValue {
  /// It is an error, which says where the row is and what is wrong with it.
  case error
  /// It is left out, and a note tells of all that are.
  case skip

  /// What it does, for the table of a reader's settings.
  static let documentation =
    "what becomes of a bad row: \"error\" stops, \"skip\" leaves it out and notes how many there were, at most a tenth"
}

/// The rows of one file that are not as they should be, and are left out where the settings say so.
struct BadRows {
  /// The share of the rows that may be left out; where more are bad, it is the file or its settings that are wrong.
  private static let limit = 0.1
  /// Of so many rows people are told where they are and what is wrong with them.
  private static let shown = 3

  private let policy: BadRowPolicy
  private let file: String
  private(set) var count = 0
  private var reasons: [String] = []

  init(_ policy: BadRowPolicy, in file: String) {
    self.policy = policy
    self.file = file
  }

  /// Leaves out the row that an error tells of.
  ///
  /// Throws: the error, where bad rows are errors or it is none of a row: one of the disk, of permissions.
  mutating func leaveOut(_ error: FormatError) throws(FormatError) {
    guard policy == .skip, error.kind == .badData || error.kind == .unreadable else { throw error }
    count += 1
    guard reasons.count < Self.shown else { return }
    switch error.place {
    case .line(let line) where error.file == file:
      reasons.append("line \(line): \(error.message)")
    case nil where error.file == file: reasons.append(error.message)
    default: reasons.append(error.description)
    }
  }

  /// What `body` makes of a row; nil for a row that is left out since it throws.
  ///
  /// Throws: as `leaveOut` does.
  mutating func value<Value>(
    _ body: () throws(FormatError) -> Value
  ) throws(FormatError) -> Value? {
    do throws(FormatError) {
      return try body()
    } catch {
      try leaveOut(error)
      return nil
    }
  }

  /// The numbers of those of `count` rows for which `check` throws nothing; nil where none is to be left out.
  ///
  /// Where bad rows are errors, `check` is not asked: whoever reads the rows finds them.
  /// Throws: as `leaveOut` does.
  mutating func sound(
    among count: Int, _ check: (Int) throws(FormatError) -> Void
  ) throws(FormatError) -> [Int]? {
    guard policy == .skip else { return nil }
    var rows: [Int] = []
    for row in 0..<count {
      if try value({ () throws(FormatError) in try check(row) }) != nil { rows.append(row) }
    }
    return rows.count == count ? nil : rows
  }

  /// How many of so many rows may be bad.
  func mayBeBad(among rows: Int) -> Int {
    policy == .skip ? Int(Double(rows) * Self.limit) : 0
  }

  /// Throws: `FormatError` where, beside so many rows that were taken, more were left out than may be.
  func check(taken: Int) throws(FormatError) {
    guard count > mayBeBad(among: count + taken) else { return }
    throw FormatError(
      .badData, file: file,
      "\(count) of \(count + taken) rows are bad, more than the tenth that \"on_bad_row\": \"skip\" leaves out: "
        + told)
  }

  /// How many of the rows were left out, and of the first where they are and why; nothing where none were.
  ///
  /// `taken` is how many were not.
  func notes(taken: Int) -> [String] {
    count == 0
      ? [] : ["\(file): \(count) of \(count + taken) rows are bad and left out: \(told)"]
  }

  private var told: String {
    reasons.joined(separator: "; ")
      + (count > reasons.count ? "; and \(count - reasons.count) more" : "")
  }
}
