import Formats
public import Settings
import TensorCore

/// Numbers in the columns of a text file without a header
public struct ColumnsReader: Reader {
  public var path = FilePath("")
  public var labelColumn: Int?
  public var separator: String?
  public var skippedLines = 0
  public var classes: [String]?
  public var onBadRow = BadRowPolicy.error
  public var featuresField = "features"
  public var labelField = "label"

  public init() {}

  public static let type = "columns"
  public static let manual = """
    Numbers in the columns of a text file without a header, as the time series of the UCR archive.

    Each line is a row of as many numbers as the first, apart by white space or by "separator"; empty lines are left out.
    The features of a row are all columns but that of the label: [F] in the field "features". The label is a class in the
    field "label": the different labels are the classes in the order of their numbers (of their bytes where one is no
    number), as the training file has them; 1.0000000e+00 and 1 are the same class "1". A field that is no finite number
    is an error that names its line and column. A file that is gzipped is unpacked.

    With "on_bad_row": "skip" a row is left out that has other columns than the first one taken, a field that is no
    finite number, no label, or bytes that are not UTF-8; a label that is none of the known classes stays an error.
    Rows are then numbered as they are taken.
    """
  public static let fields: [Field<ColumnsReader>] = [
    Field("path", \.path, required: true, "the text file").example("ECG5000_TRAIN.txt"),
    Field(
      "label_column", \.labelColumn,
      "the column that holds the class, counted from 0, or from the end by negative numbers; none where left out"
    ),
    Field(
      "separator", \.separator, .fieldSeparator(quoted: false),
      "what stands between two numbers; white space where left out"),
    Field("skip_lines", \.skippedLines, .atLeast(0), "how many lines at the start are no rows"),
    Field(
      "classes", \.classes, .distinct(),
      "the labels in the order of their classes; from the training file where left out"),
    Field("on_bad_row", \.onBadRow, BadRowPolicy.documentation),
    Field("features_field", \.featuresField, "the name of the field of features"),
    Field("label_field", \.labelField, "the name of the field of labels"),
  ]

  public var contradiction: String? {
    featuresField == labelField
      ? "\"features_field\" and \"label_field\" name the same field" : nil
  }

  public var paths: [FilePath] { [path] }

  public var isFitted: Bool { labelColumn == nil || classes != nil }

  public func fitted(to fields: [DataField]) -> ColumnsReader {
    var fitted = self
    if labelColumn != nil, classes == nil {
      fitted.classes = fields.first { $0.name == labelField }?.classNames
    }
    return fitted
  }

  public func anchored() -> ColumnsReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  /// The features of another text file: all its columns but that of the label, or all.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    guard fields.contains(featuresField), fields.isSubset(of: [featuresField, labelField]),
      let file = try UnpackedFile.text(path)
    else { return nil }
    var reader = self
    // Who hands over rows wants an answer for each.
    reader.onBadRow = .error
    if labelColumn == nil || fields.contains(labelField) { return FileRows(try reader.read(file)) }
    let others = Result { try reader.read(file, keepsLabels: false) }
    if let rows = try? others.get(), suits(rows.fields) { return FileRows(rows) }
    // Rows to predict may lack the column of the label.
    reader.labelColumn = nil
    if let rows = try? reader.read(file), suits(rows.fields) { return FileRows(rows) }
    return FileRows(try others.get())
  }

  public var inputFiles: String? { "a text file of the columns of the features" }

  public func columns(of field: String) -> FieldColumns? {
    field == featuresField ? FieldColumns(nil) : nil
  }

  public func open() throws -> any Dataset { try read(UnpackedFile(path)) }

  /// - Parameter keepsLabels: whether the column of the label becomes a field; else it is passed over.
  private func read(_ unpacked: UnpackedFile, keepsLabels: Bool = true) throws -> MemoryDataset {
    let file = unpacked.path
    var table = ColumnsTable(
      file: file, separator: separator?.first, label: labelColumn, skipping: skippedLines)
    var bad = BadRows(onBadRow, in: file)
    try table.read(unpacked.bytes, &bad)
    try bad.check(taken: table.lines.count)
    guard !table.lines.isEmpty else {
      throw FormatError(.badData, file: file, "expected rows of numbers, got none")
    }
    let count = table.features.count / table.lines.count
    var columns: [(field: DataField, values: MemoryDataset.Values)] = [
      (DataField(featuresField, [count]), .floats(table.features))
    ]
    if labelColumn != nil, keepsLabels {
      let names = classes?.map(ColumnsTable.canonical) ?? ColumnsTable.sorted(table.labels)
      let labels = try NamedLabels(table.labels, known: names) { row, message in
        FormatError(.badData, file: file, at: .line(table.lines[row]), message)
      }
      columns.append(labels.column(labelField, classNames: classes ?? names))
    }
    return MemoryDataset(
      count: table.lines.count, columns, files: [unpacked.source],
      notes: bad.notes(taken: table.lines.count))
  }
}
