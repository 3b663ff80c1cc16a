import Formats
public import Settings
import TensorCore

/// Texts, classes and numbers in the columns of a table
public struct TableReader: Reader {
  public var path = FilePaths()
  public var format: TableFormat?
  public var hasHeader = true
  public var separator: String?
  public var onBadRow = BadRowPolicy.error
  public var texts: [String: TextColumn] = [:]
  public var classes: [String: ClassesColumn] = [:]
  public var numbers: [String: NumbersColumn] = [:]
  /// Whether its file is one that no configuration names, whose columns may be called as the fields.
  private var isOfOtherFile = false

  public init() {}

  public static let type = "table"
  public static let manual = """
    Texts, classes and numbers in the columns of a table: TSV, CSV, JSON lines, or a text a line.

    Each column that is wanted becomes a field of the name it is given: {"texts": {"review": {"column": 1, "length": 200}},
    "classes": {"label": {"column": 0}}}.

    A text is a row [T] of the numbers of its tokens, T = "length": longer ones are cut, behind shorter ones stands padding,
    the token 0. With a "next_field" the text has two fields, for a decoder that is shown what it should have said:
    [<start>, t1, t2, ...] and [t1, t2, ..., <end>], each padded. Vocabularies are learnt from the training data, one for all
    columns that share a tokenizer by "tokenizer_of".

    A class is a whole number in a field []: where every label is a whole number from 0 the number is the class, else the
    different texts are the classes in the order of their bytes, as the training data have them. A number is a field [].

    "tsv": a line is a row whose columns tabs part, and nothing is quoted. "csv": RFC 4180 with a header row, divided by
    "separator". "jsonl": a line is an object, whose keys are the columns; the values of others may be anything, also what
    Python writes beyond JSON (NaN), and an integer that a Double cannot hold is the text of its digits. "lines": a
    line is a text; a list of files as "path" gives columns beside one another, numbered from 0, and all must have as
    many lines. Lines end in LF or CRLF; empty ones are no rows but in "lines". Files are UTF-8; one that is gzipped
    is unpacked.

    With "on_bad_row": "skip" a row is left out that has other columns than the first line, is no JSON object or lacks
    a key, has quotes out of place, bytes that are not UTF-8, no label or no finite number; of several files all lose
    the line. A quote that nothing closes, a label that is none of the known classes, and a text that a vocabulary
    without an unknown token does not cover stay errors. Rows are then numbered as they are taken. A file for --input
    is read whole.

    The keys of each of the "texts" are
    \(keys(of: TextColumn.fields))
    of "classes"
    \(keys(of: ClassesColumn.fields))
    and of "numbers"
    \(keys(of: NumbersColumn.fields))
    """
  public static let fields: [Field<TableReader>] = [
    Field("path", \.path, required: true, "the file; for \"lines\" maybe several")
      .example("reviews.tsv"),
    Field("format", \.format, "how the file is written; by the ending of its name where left out"),
    Field("header", \.hasHeader, "whether the first line of \"tsv\" names the columns"),
    Field(
      "separator", \.separator, .fieldSeparator(quoted: true),
      "what stands between two fields of \"csv\"; a comma where left out"),
    Field("on_bad_row", \.onBadRow, BadRowPolicy.documentation),
    Field("texts", \.texts, required: true, "the columns of texts, by the names of their fields")
      .example(["review": ["column": 1, "length": 200]]),
    Field("classes", \.classes, "the columns of classes, by the names of their fields"),
    Field("numbers", \.numbers, "the columns of numbers, by the names of their fields"),
  ]

  private static func keys<Column>(of fields: [Field<Column>]) -> String {
    fields.map { "  \($0.name): \($0.documentation)" }.joined(separator: "\n")
  }

  private var resolvedFormat: TableFormat {
    format ?? path.list.first.map(TableFormat.init(ofFile:)) ?? .lines
  }

  public var contradiction: String? {
    if resolvedFormat != .lines, path.list.count > 1 {
      return "only the format \"lines\" takes several files"
    }
    if resolvedFormat == .csv, !hasHeader { return "a CSV file has a header" }
    if resolvedFormat != .csv, separator != nil { return "\"separator\" is that of \"csv\" alone" }
    let names = fieldNames
    if names.isEmpty { return "expected at least one of \"texts\", \"classes\" and \"numbers\"" }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      return "two fields have the name \"\(twice)\""
    }
    for (name, text) in sortedTexts {
      guard let owner = text.tokenizerOf else { continue }
      guard let other = texts[owner] else {
        return "\"tokenizer_of\" of \"\(name)\": there are no texts \"\(owner)\""
          + suggestion(for: owner, among: texts.keys.sorted())
      }
      if other.tokenizerOf != nil {
        return "\"tokenizer_of\" of \"\(name)\": \"\(owner)\" has no tokenizer of its own"
      }
    }
    return nil
  }

  private var fieldNames: [String] {
    sortedTexts.flatMap { [$0.key] + [$0.value.nextField].compactMap(\.self) }
      + classes.keys.sorted() + numbers.keys.sorted()
  }

  /// The columns of texts in the order of their names.
  private var sortedTexts: [(key: String, value: TextColumn)] { texts.sorted { $0.key < $1.key } }

  public var paths: [FilePath] {
    path.list + sortedTexts.filter { $0.value.tokenizerOf == nil }.flatMap(\.value.tokenizer.paths)
  }

  public var isFitted: Bool {
    classes.values.allSatisfy { $0.classes != nil }
      && texts.values.allSatisfy { $0.tokenizerOf != nil || $0.tokenizer.vocabulary != nil }
  }

  public var tokenizers: [String: any Tokenizer] {
    var tokenizers: [String: any Tokenizer] = [:]
    for (name, text) in texts {
      guard let tokenizer = texts[text.tokenizerOf ?? name]?.tokenizer,
        tokenizer.vocabulary != nil
      else { continue }
      for field in [name] + [text.nextField].compactMap(\.self) { tokenizers[field] = tokenizer }
    }
    return tokenizers
  }

  public var marks: [String: TextMarks] {
    texts.filter { $0.value.nextField != nil }
      .mapValues { TextMarks(start: $0.start, end: $0.end) }
  }

  public var fieldsThatKeepEnds: Set<String> { Set(texts.filter(\.value.keepsEnd).keys) }

  /// Columns of another table, written as its name says, or as `format(of:named:)` finds.
  public func rows(
    in path: FilePath, of fields: Set<String>, suits: ([DataField]) -> Bool
  ) throws -> FileRows? {
    var reader = TableReader()
    reader.path = FilePaths([path])
    reader.isOfOtherFile = true
    for field in fields {
      if let (name, text) = texts.first(where: { $0.key == field || $0.value.nextField == field }) {
        reader.texts[name] = withOwnTokenizer(text)
      } else if let column = classes[field] {
        reader.classes[field] = column
      } else if let column = numbers[field] {
        reader.numbers[field] = column
      } else {
        return nil
      }
    }
    guard path.ending != ".npy", let file = try UnpackedFile.text(path) else { return nil }
    let format = format(of: file, named: path)
    reader.format = format
    reader.hasHeader = hasHeader
    if format == resolvedFormat { reader.separator = separator }
    let columnCount = reader.texts.count + reader.classes.count + reader.numbers.count
    return format == .lines && columnCount > 1 ? nil : FileRows(try reader.read([file]))
  }

  public var inputFiles: String? {
    "a table of their columns (.tsv, .csv, .jsonl), or for one field a file of a text a line"
  }

  public func columns(of field: String) -> FieldColumns? {
    guard let column = numbers[field] else { return nil }
    if case .text(let name)? = column.column?.name { return FieldColumns([name]) }
    return FieldColumns([field])
  }

  /// How a file is written that no configuration names: as its ending says, or as the training data where it ends as
  /// they do; where that end says nothing (.txt, or none), if its first line is one of theirs.
  private func format(of file: UnpackedFile, named path: FilePath) -> TableFormat {
    let format = TableFormat(ofFile: path)
    guard format == .lines, path.ending == self.path.list.first?.ending else { return format }
    if path.ending != nil, path.ending != ".txt" { return resolvedFormat }
    let line = file.bytes.withoutByteOrderMark.prefix { $0 != 0x0A && $0 != 0x0D }
    return begins(line) ? resolvedFormat : format
  }

  /// Whether a file of the format of the training data may begin with a line: one with tabs, an object, or a header
  /// with the name of a column.
  private func begins(_ line: ArraySlice<UInt8>) -> Bool {
    switch resolvedFormat {
    case .lines: return true
    case .tsv: return line.contains(0x09)
    case .jsonl: return line.first == UInt8(ascii: "{")
    case .csv:
      let columns = texts.mapValues(\.column).merging(numbers.mapValues(\.column)) { $1 }
      let requests = columns.map { TextTable.Request(column: $1, field: $0) }
      return TextTable.names(
        requests, in: line, dividedBy: separator?.utf8.first ?? UInt8(ascii: ","))
    }
  }

  /// A column of texts that shares no tokenizer with others.
  private func withOwnTokenizer(_ text: TextColumn) -> TextColumn {
    guard let owner = text.tokenizerOf, let tokenizer = texts[owner]?.tokenizer else { return text }
    var text = text
    (text.tokenizer, text.tokenizerOf) = (tokenizer, nil)
    return text
  }

  public func fitted(to fields: [DataField]) -> TableReader {
    var fitted = self
    for (name, column) in classes where column.classes == nil {
      fitted.classes[name]?.classes = fields.first { $0.name == name }?.classNames
    }
    return fitted
  }

  public func sharing(_ tokenizers: [String: any Tokenizer]) -> TableReader {
    var sharing = self
    for (name, text) in texts where text.tokenizerOf == nil {
      if let tokenizer = tokenizers[name] { sharing.texts[name]?.tokenizer = tokenizer }
    }
    return sharing
  }

  public func anchored() -> TableReader {
    var anchored = self
    anchored.path = path.anchored
    return anchored
  }

  public func open() throws -> any Dataset {
    var files: [UnpackedFile] = []
    for path in path.list { files.append(try UnpackedFile(path)) }
    return try read(files)
  }

  private func read(_ files: [UnpackedFile]) throws -> any Dataset {
    let names = sortedTexts.map(\.key) + classes.keys.sorted() + numbers.keys.sorted()
    var bad = BadRows(onBadRow, in: path.list.first?.resolved ?? "")
    var table = try TextTable(
      files, resolvedFormat, hasHeader: hasHeader, separator: separator?.first ?? ",",
      names.map { name in
        .init(
          column: texts[name]?.column ?? classes[name]?.column ?? numbers[name]?.column,
          field: name, mayBeOther: isOfOtherFile)
      }, &bad)
    try leaveOutBadRows(of: &table, &bad)
    let fitted = try self.fitted(to: table)
    var fields: [TokenRows.Column] = []
    for (index, (name, text)) in sortedTexts.enumerated() {
      fields += try fitted.rows(of: text, name, table, index)
    }
    var columns: [(field: DataField, values: MemoryDataset.Values)] = []
    var index = texts.count
    for (name, column) in classes.sorted(by: { $0.key < $1.key }) {
      columns.append(try labels(column, name, table, index))
      index += 1
    }
    for name in numbers.keys.sorted() {
      columns.append((DataField(name, []), .floats(try values(table, index))))
      index += 1
    }
    return TokenRows(
      fields,
      MemoryDataset(
        count: table.lines.count, columns, files: table.sources,
        notes: bad.notes(taken: table.lines.count)),
      tokenizers: fitted.tokenizers)
  }

  /// Takes the rows out of a table that are to be left out, by their labels and numbers.
  ///
  /// Throws: `FormatError` where there are too many.
  private func leaveOutBadRows(
    of table: inout TextTable, _ bad: inout BadRows
  ) throws(FormatError) {
    let whole = table
    let (first, last) = (texts.count + classes.count, texts.count + classes.count + numbers.count)
    let names = classes.keys.sorted()
    let rows = try bad.sound(among: whole.lines.count) { row throws(FormatError) in
      for (index, name) in zip(texts.count..<first, names) {
        _ = try label(name, whole, index, row)
      }
      for index in first..<last { _ = try value(whole, index, row) }
    }
    if let rows { table.keep(rows) }
    try bad.check(taken: table.lines.count)
  }

  /// This reader with tokenizers that have the special tokens, and a vocabulary from a table if they had none.
  private func fitted(to table: TextTable) throws -> TableReader {
    var fitted = self
    for (owner, text) in texts where text.tokenizerOf == nil {
      let sharers = sortedTexts.enumerated().filter {
        $0.element.key == owner || $0.element.value.tokenizerOf == owner
      }
      var tokenizer = try text.tokenizer.loaded()
      tokenizer.prepend(sharers.flatMap(\.element.value.specialTokens))
      fitted.texts[owner]?.tokenizer = tokenizer.fitted(
        to: sharers.flatMap { table.columns[$0.offset].map { $0[...].unicodeScalars } })
    }
    return fitted
  }

  /// The fields of a column of texts.
  ///
  /// Throws: `FormatError` with the line of the first text that the vocabulary does not cover, `Problems` for a vocabulary
  /// whose first token is not the padding.
  private func rows(
    of text: TextColumn, _ name: String, _ table: TextTable, _ index: Int
  ) throws -> [TokenRows.Column] {
    guard let tokenizer = texts[text.tokenizerOf ?? name]?.tokenizer else { return [] }
    let vocabulary = tokenizer.vocabulary ?? []
    let special = text.specialTokens.compactMap { token in
      vocabulary.firstIndex(where: token.isExactly).map(Int32.init)
    }
    guard special.first == 0 else {
      throw Problems(
        Problem(
          "expected \"\(text.padding)\" as token 0 of the vocabulary of \"\(name)\", got \"\(vocabulary[0])\"",
          path: path.list.first?.keys ?? "", at: path.list.first?.place))
    }
    let room = text.length - (text.nextField == nil ? 0 : 1)
    let encode = tokenizer.encoder()
    var tokens = TokenRows.Tokens()
    for (row, content) in table.columns[index].enumerated() {
      do throws(UnknownToken) {
        let numbers = try encode(content[...].unicodeScalars)
        tokens.append(text.keepsEnd ? numbers.suffix(room) : numbers.prefix(room))
      } catch {
        throw table.failure(
          column: index, row: row,
          "\(error.piece.json.shown) is not in the vocabulary of the tokenizer")
      }
    }
    func field(_ name: String) -> DataField {
      DataField(
        name, [text.length], classes: vocabulary.count, classNames: vocabulary, isPadded: true)
    }
    guard let next = text.nextField else { return [.init(field: field(name), tokens: tokens)] }
    return [
      .init(field: field(name), tokens: tokens, before: special[1]),
      .init(field: field(next), tokens: tokens, behind: special[2]),
    ]
  }

  private func labels(
    _ column: ClassesColumn, _ name: String, _ table: TextTable, _ index: Int
  ) throws(FormatError) -> (field: DataField, values: MemoryDataset.Values) {
    var texts: [String] = []
    for row in table.lines.indices { texts.append(try label(name, table, index, row)) }
    let labels = try NamedLabels(texts, known: column.classes, in: " for \"\(name)\"") {
      table.failure(column: index, row: $0, $1)
    }
    return labels.column(name, classNames: labels.names)
  }

  /// Throws: `FormatError` with the line of a label that is empty.
  private func label(
    _ name: String, _ table: TextTable, _ index: Int, _ row: Int
  ) throws(FormatError) -> String {
    let text = table.columns[index][row]
    if !text.isEmpty { return text }
    throw table.failure(
      column: index, row: row, "expected a label for \"\(name)\", got an empty field")
  }

  private func values(_ table: TextTable, _ index: Int) throws(FormatError) -> [Float] {
    var values: [Float] = []
    for row in table.lines.indices { values.append(try value(table, index, row)) }
    return values
  }

  /// Throws: `FormatError` with the line of what is no finite number.
  private func value(
    _ table: TextTable, _ index: Int, _ row: Int
  ) throws(FormatError) -> Float {
    let text = table.columns[index][row]
    if let value = Float(text), value.isFinite { return value }
    throw table.failure(
      column: index, row: row,
      "expected a number, got " + (text.isEmpty ? "an empty field" : "\"\(text.prefix(60))\"")
        + decimalCommaHint(for: text))
  }
}
