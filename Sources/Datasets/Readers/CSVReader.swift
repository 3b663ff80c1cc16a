import Formats
public import Settings
import TensorCore

/// Columns of a CSV file: features, a label, targets
public struct CSVReader: Reader {
  /// Which columns are features.
  public enum Columns: SettingValue {
    /// All that are neither label nor target, nor numbers of the rows.
    case others
    case named([PlacedName])

    public static let expectation = "\"*\" or a list of columns"
    public static let schema: JSON = [
      "anyOf": [["const": "*"], ["type": "array", "minItems": 1, "items": ["type": "string"]]]
    ]
    public static func read(_ json: JSON, at path: String, _ problems: inout Problems) -> Columns? {
      if json.string == "*" { return .others }
      guard let elements = json.elements, !elements.isEmpty else {
        problems.expected(expectation, got: json, path: path)
        return nil
      }
      return [PlacedName].read(json, at: path, &problems).map(Columns.named)
    }
    public var json: JSON {
      switch self {
      case .others: "*"
      case .named(let names): names.json
      }
    }
  }

  public var path = FilePath("")
  public var features = Columns.others
  public var label: PlacedName?
  public var targets: [PlacedName] = []
  public var classes: [String]?
  public var separator = ","
  public var onBadRow = BadRowPolicy.error
  public var featuresField = "features"
  public var labelField = "label"
  public var targetField = "target"
  /// Columns that are no features either, and that the file need not have.
  private var ignored: [PlacedName] = []

  public init() {}

  public static let type = "csv"
  public static let manual = """
    Columns of a CSV file with a header row (RFC 4180): features, a label, targets.

    The features of a row are [F] in the field "features", in the order of their list, or for "*" in that of the
    training file: other files are read by the names of its columns. The targets of a regression are [T] in the field
    "target". For "*", columns at the beginning that only number the rows, as pandas writes its index, are no
    features, which is noted: their fields are different whole numbers from 0, and their name is empty or begins with
    "Unnamed: 0". The label is a class in the field "label": where every label is a whole number from 0 the number is
    the class, else the different texts are the classes, in the order of their bytes, as the training file has them. A
    field that is empty or no finite number is an error that names its line and column. A file that is gzipped is
    unpacked.

    With "on_bad_row": "skip" a row is left out that has other fields than the header, quotes out of place, bytes that
    are not UTF-8, no label, or no finite number in a column that is used; a quote that nothing closes and a label
    that is none of the known classes stay errors. Rows are then numbered as they are taken. A file for --input is
    read whole.
    """
  public static let fields: [Field<CSVReader>] = [
    Field("path", \.path, required: true, "the CSV file").example("table.csv"),
    Field("features", \.features, "the columns that are features, or \"*\" for all others"),
    Field("label", \.label, "the column that holds the class"),
    Field("targets", \.targets, "the columns that hold the numbers a regression predicts"),
    Field(
      "classes", \.classes, .distinct(),
      "the labels in the order of their classes; from the training file where left out"),
    Field(
      "separator", \.separator, .fieldSeparator(quoted: true),
      "what stands between two fields of a line"),
    Field("on_bad_row", \.onBadRow, BadRowPolicy.documentation),
    Field("features_field", \.featuresField, "the name of the field of features"),
    Field("label_field", \.labelField, "the name of the field of labels"),
    Field("target_field", \.targetField, "the name of the field of targets"),
  ]

  public var contradiction: String? {
    Set([featuresField, labelField, targetField]).count == 3
      ? nil : "two of \"features_field\", \"label_field\" and \"target_field\" are the same"
  }

  public var paths: [FilePath] { [path] }

  public var isFitted: Bool { label == nil || classes != nil }

  public func fitted(to fields: [DataField]) -> CSVReader {
    var fitted = self
    if classes == nil, let field = fields.first(where: { $0.name == labelField }) {
      fitted.classes = field.classNames
    }
    // Other files are read by the names of these columns, in whichever order they have them.
    if features == .others, let names = fields.first(where: { $0.name == featuresField })?.columns,
      !names.isEmpty, !names.contains("")
    {
      fitted.features = .named(names.map { PlacedName($0) })
    }
    return fitted
  }

  public func anchored() -> CSVReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  /// The features of another table, by the same columns, and what else is asked for: one that ends in .csv or .tsv, or
  /// as this one does.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields.contains(featuresField),
      fields.isSubset(of: [featuresField, labelField, targetField]), path.isTable(like: self.path)
    else { return nil }
    var reader = self
    reader.path = path
    if !fields.contains(labelField) { reader.label = nil }
    if !fields.contains(targetField) { reader.targets = [] }
    // Who hands over rows wants an answer for each.
    reader.onBadRow = .error
    reader.ignored = targets + [label].compactMap(\.self)
    return FileRows(try reader.open())
  }

  public var inputFiles: String? { "a CSV file (.csv, .tsv) with the columns of the features" }

  public func columns(of field: String) -> FieldColumns? {
    switch field {
    case targetField where !targets.isEmpty: return FieldColumns(targets.map(\.text))
    case featuresField:
      guard case .named(let names) = features else { return FieldColumns(nil) }
      return FieldColumns(names.map(\.text))
    default: return nil
    }
  }

  public func open() throws -> any Dataset {
    let file = try UnpackedFile(path)
    var bad = BadRows(onBadRow, in: path.resolved)
    var table = try CSVTable(
      parsing: file.bytes, file: path.resolved, separator: separator.first ?? ","
    ) { error throws(FormatError) in try bad.leaveOut(error) }
    guard table.rowCount + bad.count > 0 else {
      throw FormatError(
        .badData, file: path.resolved, "expected rows behind the header, got none")
    }
    let (names, numbering) = try columns(of: table, butFor: bad.mayBeBad(among: table.rowCount))
    try leaveOutBadRows(of: &table, using: names + targets.map(\.text), &bad)
    // The numbers, and the labels: as texts, told apart, and as the numbers of their classes, of both widths.
    let row =
      4 * (names.count + targets.count)
      + (label == nil ? 0 : 2 * MemoryLayout<String>.stride + 8 + 4)
    let (needed, overflows) = row.multipliedReportingOverflow(by: table.rowCount)
    try FileMemory.check(
      overflows ? .max : needed, "the numbers and labels of the table have", file: path.resolved)
    var columns: [(field: DataField, values: MemoryDataset.Values)] = []
    for (name, chosen) in [(featuresField, names), (targetField, targets.map(\.text))]
    where !chosen.isEmpty {
      var field = DataField(name, [chosen.count])
      if name == featuresField, features == .others { field.columns = chosen }
      columns.append((field, .floats(try interleaved(chosen, of: table))))
    }
    if let label {
      let labels = try labels(of: table, in: label.text)
      columns.append(labels.column(labelField, classNames: labels.names))
    }
    return MemoryDataset(
      count: table.rowCount, columns, files: [file.source],
      notes: bad.notes(taken: table.rowCount)
        + numbering.map {
          "\(path.text): the column \"\($0)\" only numbers the rows and is no feature; another name "
            + "makes it one"
        })
  }

  /// Takes the rows out of a table that are to be left out, by the columns of numbers that are used and the label.
  ///
  /// Throws: `FormatError` where there are too many.
  private func leaveOutBadRows(
    of table: inout CSVTable, using columns: [String], _ bad: inout BadRows
  ) throws(FormatError) {
    var numbers: [Int] = []
    for column in columns { numbers.append(try table.index(of: column)) }
    var place: Int?
    if let label { place = try table.index(of: label.text) }
    let whole = table
    let rows = try bad.sound(among: whole.rowCount) { row throws(FormatError) in
      for column in numbers { _ = try whole.float(row: row, column: column) }
      if let place { _ = try whole.label(row: row, column: place) }
    }
    if let rows { table = CSVTable(rows, of: whole) }
    try bad.check(taken: table.rowCount)
  }

  /// The classes in a column.
  ///
  /// Throws: `FormatError` with the line of the first label that is not among the known, or is empty.
  private func labels(of table: CSVTable, in column: String) throws(FormatError) -> NamedLabels {
    let index = try table.index(of: column)
    var texts: [String] = []
    // Growing would take more than was looked for.
    texts.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount { texts.append(try table.label(row: row, column: index)) }
    return try NamedLabels(texts, known: classes, in: " in the column \"\(column)\"") {
      FormatError(.badData, file: table.file, at: .line(table.line(ofRow: $0)), $1)
    }
  }

  /// The columns of the features, and those left out because they number the rows, `butFor` some that may be bad.
  ///
  /// Throws: `Problems` with every column that the file does not have.
  private func columns(
    of table: CSVTable, butFor bad: Int
  ) throws(Problems) -> (features: [String], numbering: [String]) {
    var problems = Problems()
    let others = targets + [label].compactMap(\.self)
    var features: [PlacedName] = []
    if case .named(let names) = self.features { features = names }
    for name in features + others where table.columns.firstIndex(named: name.text) == nil {
      let hint = suggestion(for: name.text, among: table.columns) + table.separatorHint
      problems.add(Problems(name.problem("\(path.resolved) has no column \"\(name.text)\"" + hint)))
    }
    try problems.throwIfAny()
    guard case .others = self.features else { return (features.map(\.text), []) }
    let taken = (others + ignored).compactMap { table.columns.firstIndex(named: $0.text) }
    let numbering = table.columns.indices.prefix { table.numbersRows($0, butFor: bad) }
    let left = table.columns.indices.filter { !taken.contains($0) && !numbering.contains($0) }
    return (
      left.map { table.columns[$0] },
      numbering.filter { !taken.contains($0) }.map { table.columns[$0] }
    )
  }
}

extension CSVTable {
  /// Whether a column has no name, or the one that pandas gives such, and holds different whole numbers from 0 in all
  /// rows but for so many that may be bad.
  fileprivate func numbersRows(_ column: Int, butFor bad: Int) -> Bool {
    guard columns[column].isEmpty || columns[column].hasPrefix("Unnamed: 0") else { return false }
    var seen: Set<Int> = []
    var others = 0
    return (0..<rowCount).allSatisfy { row in
      if let number = Int(self[row: row, column: column]), number >= 0 {
        return seen.insert(number).inserted
      }
      others += 1
      return others <= bad
    }
  }

  /// A field as a label.
  ///
  /// Throws: `FormatError` with the line of one that is empty.
  fileprivate func label(row: Int, column: Int) throws(FormatError) -> String {
    let text = self[row: row, column: column]
    if !text.isEmpty { return text }
    throw FormatError(
      .badData, file: file, at: .line(line(ofRow: row)),
      "expected a label in the column \"\(columns[column])\", got an empty field")
  }

  /// A field as a number of single precision.
  ///
  /// Throws: `FormatError` with the line of a field that is none.
  fileprivate func float(row: Int, column: Int) throws(FormatError) -> Float {
    let number = try number(row: row, column: column)
    let value = Float(number)
    if value.isFinite { return value }
    throw FormatError(
      .badData, file: file, at: .line(line(ofRow: row)),
      "expected a number that a Float can hold in the column \"\(columns[column])\", got \(number)")
  }
}

/// The numbers of some columns, row after row.
private func interleaved(_ names: [String], of table: CSVTable) throws(FormatError) -> [Float] {
  var values = [Float](repeating: 0, count: names.count * table.rowCount)
  for (column, name) in names.enumerated() {
    let index = try table.index(of: name)
    for row in 0..<table.rowCount {
      values[row * names.count + column] = try table.float(row: row, column: index)
    }
  }
  return values
}
