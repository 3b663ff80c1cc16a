import Formats
public import Settings
import TensorCore

/// Windows of series in a CSV file: the past and what comes of it
public struct SeriesReader: Reader {
  public var path = FilePath("")
  public var columns: [PlacedName] = []
  public var targets: [PlacedName]?
  public var length = 1
  public var horizon = 1
  public var stride = 1
  public var rows: RowRange?
  public var standardizes = true
  public var mean: [Double]?
  public var deviation: [Double]?
  public var separator = ","
  public var pastField = "past"
  public var futureField = "future"
  public var seriesField: String?

  public init() {}

  public static let type = "series"
  public static let manual = """
    Windows of series in a CSV file: the past and what comes of it.

    The file has a header row, and a row for each step of time, oldest first. A window at step s has
    the steps s - length ..< s of the columns, [length, F] in the field "past", and
    the steps s ..< s + horizon of the targets, [horizon, G] in the field "future".
    The first window has its future at the first of "rows", or as far behind as its past needs; the next ones follow "stride"
    steps apart while their future ends within "rows". So the past of a validation or test window may reach back into the
    rows before, as in the literature: for [8640, 11520] and a length of 336 the windows are those of Informer's and
    DLinear's border1 = 8640 - 336 and border2 = 11520.

    Every column is standardised: (x - mean) / deviation, both of the "rows" of the training data alone (the deviation
    divided by N; 1 for a column that never changes), and errors are on that scale. A checkpoint holds the numbers.
    A field that is no finite number is an error that names its line and column. A file that is gzipped is unpacked.
    """
  public static let fields: [Field<SeriesReader>] = [
    Field("path", \.path, required: true, "the CSV file").example("ETTh1.csv"),
    Field(
      "columns", \.columns, required: true,
      Bounds("not empty, all different", schema: [.init("minItems", 1)]) {
        !$0.isEmpty && Set($0.map { ExactString($0.text) }).count == $0.count
      }, "the columns of the past, in this order"
    ).example(["HUFL", "OT"]),
    Field(
      "targets", \.targets,
      Bounds("not empty, all different", schema: [.init("minItems", 1)]) {
        !$0.isEmpty && Set($0.map { ExactString($0.text) }).count == $0.count
      }, "the columns of the future, in this order; those of the past where left out"),
    Field(
      "length", \.length, required: true, .within(1...1 << 20), "the steps of the past"
    ).example(336),
    Field(
      "horizon", \.horizon, required: true, .within(1...1 << 20), "the steps of the future"
    ).example(96),
    Field("stride", \.stride, .atLeast(1), "how many steps lie between two windows"),
    Field(
      "rows", \.rows,
      "the rows of the file that the future lies in, from the first to before the second, counted from 0 below the header; all where left out"
    ),
    Field("standardize", \.standardizes, "whether columns are standardised"),
    Field(
      "mean", \.mean,
      "the mean of each column, then of each target that is no column; from the training rows where left out"
    ),
    Field(
      "deviation", \.deviation, Bounds("each above 0") { $0.allSatisfy { $0 > 0 } },
      "the standard deviation of each of them"),
    Field(
      "separator", \.separator, .fieldSeparator(quoted: true),
      "what stands between two fields of a line"),
    Field("past_field", \.pastField, "the name of the field of the past"),
    Field("future_field", \.futureField, "the name of the field of the future"),
    Field(
      "series_field", \.seriesField,
      "the name of a third field, the targets' past and future behind one another: [length + horizon, G]; none where left out"
    ),
  ]

  public var contradiction: String? {
    let names = [pastField, futureField] + [seriesField].compactMap(\.self)
    if Set(names).count < names.count { return "two of the fields have the same name" }
    if (mean == nil) != (deviation == nil) {
      return "\"mean\" and \"deviation\" go together: give both or neither"
    }
    if mean != nil, !standardizes {
      return "\"mean\" and \"deviation\" have no use where \"standardize\" is false"
    }
    for (key, values) in [("mean", mean), ("deviation", deviation)] {
      if let values, values.count != allColumns.count {
        return "\"\(key)\" must have \(allColumns.count) numbers, one for each of "
          + allColumns.map(\.text).joined(separator: ", ") + "; got \(values.count)"
      }
    }
    return nil
  }

  public var paths: [FilePath] { [path] }

  public var isFitted: Bool { !standardizes || mean != nil }

  /// The columns, then the targets that are none.
  private var allColumns: [PlacedName] {
    columns + (targets ?? []).filter { target in !columns.contains(target) }
  }

  public func fitted(to fields: [DataField]) -> SeriesReader {
    guard !isFitted, let past = fields.first(where: { $0.name == pastField })?.scale,
      let future = fields.first(where: { $0.name == futureField })?.scale,
      past.mean.count == columns.count, future.mean.count == (targets ?? columns).count
    else { return self }
    var fitted = self
    let others = (targets ?? []).indices.filter { !columns.contains((targets ?? [])[$0]) }
    fitted.mean = past.mean + others.map { future.mean[$0] }
    fitted.deviation = past.deviation + others.map { future.deviation[$0] }
    return fitted
  }

  public func anchored() -> SeriesReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  /// Windows of another table, by the same columns: one that ends in .csv or .tsv, or as this one does.
  ///
  /// Windows of the past alone need no steps of the future and none of its columns: the last ends with the file.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields.isSubset(of: Set([pastField, futureField] + [seriesField].compactMap(\.self))),
      path.isTable(like: self.path)
    else { return nil }
    var reader = self
    (reader.path, reader.rows) = (path, nil)
    return FileRows(fields == [pastField] ? try reader.pasts() : try reader.open())
  }

  public var inputFiles: String? { "a CSV file (.csv, .tsv) with the columns of the past" }

  public func columns(of field: String) -> FieldColumns? {
    let names: [PlacedName]
    switch field {
    case pastField: names = columns
    case futureField, seriesField: names = targets ?? columns
    default: return nil
    }
    let texts = names.map(\.text)
    guard standardizes else { return FieldColumns(texts) }
    guard let mean, let deviation else { return nil }
    let all = allColumns
    let places = names.compactMap { name in all.firstIndex(of: name) }
    return FieldColumns(
      texts,
      scale: FeatureScale(
        mean: places.map { mean[$0] }, deviation: places.map { deviation[$0] }))
  }

  /// The file's table.
  private func table(_ file: UnpackedFile) throws(FormatError) -> CSVTable {
    let table = try CSVTable(
      parsing: file.bytes, file: file.path, separator: separator.first ?? ",")
    guard table.rowCount > 0 else {
      throw FormatError(.badData, file: file.path, "expected rows behind the header, got none")
    }
    return table
  }

  /// The windows of the past that end before each step, and the last at the end of the file.
  private func pasts() throws -> any Dataset {
    let unpacked = try UnpackedFile(path)
    let table = try table(unpacked)
    try check(columns, in: table)
    guard table.rowCount >= length else {
      throw FormatError(
        .badData, file: unpacked.path,
        "expected rows for a past of \(length) steps, got \(table.rowCount)")
    }
    var past: [SeriesColumn] = []
    for (index, name) in columns.enumerated() {
      past.append(
        SeriesColumn(
          try table.numbers(name.text), rows: 0..<table.rowCount, standardizes: standardizes,
          mean: mean?[index], deviation: deviation?[index]))
    }
    return SeriesWindows(
      past: past, future: [], names: (pastField, futureField, nil), length: length, horizon: 0,
      firstFuture: length + (table.rowCount - length) % stride, stride: stride,
      end: table.rowCount, files: [unpacked.source])
  }

  public func open() throws -> any Dataset {
    let unpacked = try UnpackedFile(path)
    let file = unpacked.path
    let table = try table(unpacked)
    try check(allColumns, in: table)
    let rows = try rows?.rows(of: table.rowCount) ?? 0..<table.rowCount
    let starts = max(rows.lowerBound, length)
    guard rows.upperBound - starts >= horizon else {
      throw FormatError(
        .badData, file: file,
        "expected rows for a past of \(length) steps and a future of \(horizon), got "
          + "\(rows.upperBound) rows, \(rows.count) of them for the future")
    }
    var columns: [ExactString: SeriesColumn] = [:]
    for (index, name) in allColumns.enumerated() {
      columns[ExactString(name.text)] = SeriesColumn(
        try table.numbers(name.text), rows: rows, standardizes: standardizes,
        mean: mean?[index], deviation: deviation?[index])
    }
    return SeriesWindows(
      past: self.columns.compactMap { columns[ExactString($0.text)] },
      future: (targets ?? self.columns).compactMap { columns[ExactString($0.text)] },
      names: (pastField, futureField, seriesField), length: length, horizon: horizon,
      firstFuture: starts, stride: stride, end: rows.upperBound, files: [unpacked.source])
  }

  /// Throws: `Problems` with every column that the file does not have.
  private func check(_ columns: [PlacedName], in table: CSVTable) throws(Problems) {
    var problems = Problems()
    for name in columns where table.columns.firstIndex(named: name.text) == nil {
      let hint = suggestion(for: name.text, among: table.columns) + table.separatorHint
      problems.add(Problems(name.problem("\(path.resolved) has no column \"\(name.text)\"" + hint)))
    }
    try problems.throwIfAny()
  }
}
