public import Settings
import TensorCore

/// What the rows of open data hold, for people to look at before they train on them.
///
/// Rows are looked at as evaluation sees them: after the transforms, without what is random in them.
public struct DataReport: Sendable {
  /// How many rows of a split are of each class of a field.
  public struct ClassCounts: Sendable {
    public let field: String
    /// What the classes are called; their numbers where they have no names.
    public let names: [String]
    public let counts: [Int]
  }

  /// What the numbers of a field lie between, in the first rows of a split.
  public struct Numbers: Sendable {
    public let field: String
    /// How many rows were looked at.
    public let rows: Int
    /// Of the finite ones; nil where there are none.
    public let finite: (minimum: Float, maximum: Float, mean: Double)?
    /// How many are infinite or no numbers.
    public let notFinite: Int
  }

  /// The rows of one split.
  public struct Rows: Sendable {
    public let split: Split
    public let count: Int
    /// The fields whose rows are classes, but for those of so many that they rather are identifiers.
    public let classes: [ClassCounts]
    /// The fields whose rows are numbers.
    public let numbers: [Numbers]
    /// By the names of fields, the columns of a file that a reader chose for them.
    public let columns: [String: [String]]
  }

  public let splits: [Rows]
  /// What is likely to be a mistake: classes without rows, names that differ by what nobody sees.
  public let notes: [String]

  /// Looks at all classes, and at the numbers of so many rows.
  ///
  /// Throws: what reading a row throws.
  public init(_ data: OpenData) throws {
    var splits: [Rows] = []
    for split in Split.allCases {
      guard let pipeline = data[split] else { continue }
      splits.append(try Rows(split, pipeline))
    }
    self.splits = splits
    notes =
      Self.likeNames(of: splits)
      + splits.flatMap { rows in
        // Who chose classes knows that the others have no rows.
        data.fitted[rows.split]?.selection == nil ? rows.emptyClasses : []
      }
  }

  /// An object of the splits by name, with every class.
  public var json: JSON {
    JSON(.object(splits.map { .init($0.split.rawValue, $0.json) }))
  }
}

extension DataReport.Rows {
  /// The most rows whose numbers are looked at, of those in memory and of those that are made when they are read.
  private static let (mostRows, mostLateRows) = (1000, 10)
  /// The most numbers of a field that are looked at, but for one row.
  private static let mostNumbers = 1 << 20
  /// Where there are more classes they are counted by nobody: such numbers tell users or articles apart.
  private static let mostClasses = 1 << 15

  fileprivate init(_ split: Split, _ pipeline: Pipeline) throws {
    var classes: [DataReport.ClassCounts] = []
    var numbers: [DataReport.Numbers] = []
    var columns: [String: [String]] = [:]
    for (index, field) in pipeline.fields.enumerated() {
      columns[field.name] = field.columns
      if field.classes == nil {
        let most = min(
          pipeline.makesRowsLate ? Self.mostLateRows : Self.mostRows,
          max(1, Self.mostNumbers / max(1, field.shape.count)))
        numbers.append(
          try DataReport.Numbers(index, field, pipeline, rows: min(most, pipeline.count)))
      } else if pipeline.tokenizers[field.name] == nil,
        field.shape.rank == (field.isOneHot ? 1 : 0), field.classes ?? 0 <= Self.mostClasses
      {
        classes.append(try DataReport.ClassCounts(index, field, pipeline))
      }
    }
    self.init(
      split: split, count: pipeline.count, classes: classes, numbers: numbers, columns: columns)
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = [.init("rows", count.json)]
    if !classes.isEmpty {
      members.append(
        .init("classes", JSON(.object(classes.map { .init($0.field, $0.json) }))))
    }
    if !numbers.isEmpty {
      members.append(
        .init("numbers", JSON(.object(numbers.map { .init($0.field, $0.json) }))))
    }
    if !columns.isEmpty { members.append(.init("columns", columns.json)) }
    return JSON(.object(members))
  }

  /// A note for each field of which some classes have no row here.
  fileprivate var emptyClasses: [String] {
    classes.compactMap { field in
      let empty = field.counts.indices.filter { field.counts[$0] == 0 }.map { field.names[$0] }
      guard !empty.isEmpty else { return nil }
      return
        "\(split.rawValue): no row is of \(empty.count) of the \(field.names.count) classes of "
        + "\"\(field.field)\": \(DataReport.list(empty))"
    }
  }
}

extension DataReport.ClassCounts {
  fileprivate init(_ index: Int, _ field: DataField, _ pipeline: Pipeline) throws {
    let classes = field.classes ?? 0
    var counts = [Int](repeating: 0, count: classes)
    var values = [Float](repeating: 0, count: field.shape.count)
    for row in 0..<pipeline.count {
      try values.withUnsafeMutableBufferPointer {
        if let base = $0.baseAddress { try pipeline.read(row: row, field: index, into: base) }
      }
      let number =
        field.isOneHot
        ? values.indices.max { values[$0] < values[$1] } : Int(exactly: values.first ?? 0)
      if let number, counts.indices.contains(number) { counts[number] += 1 }
    }
    self.init(
      field: field.name,
      names: field.classNames.flatMap { $0.count == classes ? $0 : nil }
        ?? (0..<classes).map(String.init),
      counts: counts)
  }

  fileprivate var json: JSON {
    JSON(.object(zip(names, counts).map { .init($0, $1.json) }))
  }
}

extension DataReport.Numbers {
  fileprivate init(_ index: Int, _ field: DataField, _ pipeline: Pipeline, rows: Int) throws {
    var (minimum, maximum) = (Float.infinity, -Float.infinity)
    var (sum, count, others) = (0.0, 0, 0)
    var values = [Float](repeating: 0, count: field.shape.count)
    for row in 0..<rows {
      try values.withUnsafeMutableBufferPointer {
        if let base = $0.baseAddress { try pipeline.read(row: row, field: index, into: base) }
      }
      for value in values {
        guard value.isFinite else {
          others += 1
          continue
        }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        sum += Double(value)
        count += 1
      }
    }
    self.init(
      field: field.name, rows: rows,
      finite: count == 0 ? nil : (minimum, maximum, sum / Double(count)), notFinite: others)
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = [.init("rows", rows.json)]
    if let finite {
      members += [
        .init("min", JSON(.number(Double(finite.minimum)))),
        .init("max", JSON(.number(Double(finite.maximum)))),
        .init("mean", JSON(.number(finite.mean))),
      ]
    }
    if notFinite > 0 { members.append(.init("not_finite", notFinite.json)) }
    return JSON(.object(members))
  }
}

extension DataReport {
  /// So many names are told in a note.
  private static let shownNames = 5

  /// Names for a note: the first few, and how many more there are.
  fileprivate static func list(_ names: [String]) -> String {
    names.prefix(shownNames).map { $0.json.shown }.joined(separator: ", ")
      + (names.count > shownNames ? " and \(names.count - shownNames) more" : "")
  }

  /// A note for each field some of whose classes are likely one: their names differ only by case, by white space or by
  /// how their characters are coded.
  fileprivate static func likeNames(of splits: [Rows]) -> [String] {
    /// What such names have in common; letters may be classes of their own in either case.
    func key(_ name: String) -> String {
      let words = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return words.count > 1 ? words.lowercased() : words
    }
    var notes: [String] = []
    var seen: Set<String> = []
    for field in splits.flatMap(\.classes) where seen.insert(field.field).inserted {
      let groups = Dictionary(grouping: field.names, by: key)
      let alike = field.names.compactMap { name -> [String]? in
        guard let group = groups[key(name)], group.count > 1 else { return nil }
        return group[0].isExactly(name) ? group : nil
      }
      guard !alike.isEmpty else { continue }
      let more = alike.count > shownNames ? "; and \(alike.count - shownNames) more" : ""
      notes.append(
        "classes of \"\(field.field)\" differ only by spaces, case or the coding of characters: "
          + alike.prefix(shownNames).map(list).joined(separator: "; ") + more)
    }
    return notes
  }
}
