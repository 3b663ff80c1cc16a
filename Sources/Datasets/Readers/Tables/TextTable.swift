import Formats
import Settings

/// Some columns of a table, as texts.
struct TextTable {
  /// The texts of each column asked for, in that order.
  private(set) var columns: [[String]]
  /// The line of the file in which each row begins.
  private(set) var lines: [Int] = []
  private(set) var sources: [SourceFile] = []
  /// The file that each column is in.
  private var files: [String] = []

  /// A column to read, and the name it has where the settings give none.
  struct Request {
    let column: ColumnName?
    let field: String
    /// Whether a column called as the field, or the only one, will do where the file has none that is meant.
    var mayBeOther = false

    /// The keys of JSON objects that may be it, the first that is there.
    ///
    /// Throws: `Problems` for a number, which objects do not have.
    func keys(in file: String) throws(Problems) -> [String] {
      switch column?.name {
      case nil: return [field]
      case .text(let text): return mayBeOther && text != field ? [text, field] : [text]
      case .number where mayBeOther: return [field]
      case .number:
        throw column?.problem("expected a key of the objects in \(file), got a number")
          ?? Problems()
      }
    }

    /// The name that the column has, where it is not meant by its number.
    var name: String {
      if case .text(let text) = column?.name { text } else { field }
    }
  }

  /// What the first line looks divided by, where that is another separator than the file's.
  private struct Division {
    let separator: FieldSeparator
    /// For the end of messages.
    let hint: String

    init(separator: FieldSeparator, hint: String) {
      (self.separator, self.hint) = (separator, hint)
    }

    /// That of a line that tabs should divide; nil where they do.
    init?(of line: ArraySlice<UInt8>) {
      guard let separator = FieldSeparator.likely(in: line, besides: "\t") else { return nil }
      let format = #""format": "csv""#
      self.init(
        separator: separator,
        hint: separator.hint(
          separator == .comma ? format : "\(format), \(separator.setting)"))
    }

    /// Whether what it parts a line into are names of columns that are asked for.
    func parts(of line: String, name requests: [Request]) -> Bool {
      separator.character.asciiValue.map { TextTable.names(requests, in: line.utf8, dividedBy: $0) }
        ?? false
    }
  }

  /// The rows of the files but for those that `bad` leaves out.
  ///
  /// Throws: `FormatError` for the first mistake in a file, `Problems` for columns that it does not have.
  init(
    _ tables: [UnpackedFile], _ format: TableFormat, hasHeader: Bool, separator: Character,
    _ requests: [Request], _ bad: inout BadRows
  ) throws {
    columns = Array(repeating: [], count: requests.count)
    sources = tables.map(\.source)
    if format == .lines {
      try readLines(tables, requests, &bad)
    } else {
      guard let table = tables.first else { return }
      files = requests.map { _ in table.path }
      switch format {
      case .csv: try readCSV(table, separator, requests, &bad)
      case .jsonl: try readJSON(table, requests, &bad)
      case .tsv, .lines: try readTabs(table, hasHeader, requests, &bad)
      }
    }
    guard lines.count + bad.count > 0 else {
      throw FormatError(.badData, file: tables.first?.path ?? "", "expected rows, got none")
    }
  }

  /// Whether one of the parts into which a separator divides a line is the name of a column that is asked for.
  static func names(
    _ requests: [Request], in line: some Collection<UInt8>, dividedBy separator: UInt8
  ) -> Bool {
    let names = line.split { $0 == separator || $0 == 0x22 }
    return requests.contains { request in names.contains { $0.elementsEqual(request.name.utf8) } }
  }

  /// What is wrong with a row, in the file of a column.
  func failure(column: Int, row: Int, _ message: String) -> FormatError {
    FormatError(.badData, file: files[column], at: .line(lines[row]), message)
  }

  /// Keeps some of the rows alone, in this order.
  mutating func keep(_ rows: [Int]) {
    columns = columns.map { texts in rows.map { texts[$0] } }
    lines = rows.map { lines[$0] }
  }

  private mutating func readLines(
    _ tables: [UnpackedFile], _ requests: [Request], _ bad: inout BadRows
  ) throws {
    let chosen = try places(of: requests, names: nil, count: tables.count, in: "the files")
    files = chosen.map { tables[$0].path }
    var counts: [Int] = []
    // A line that is bad in one file is left out of all.
    var damaged: Set<Int> = []
    for (index, table) in tables.enumerated() {
      var count = 0
      try table.forEachLine { number, line throws(FormatError) in
        var text = ""
        if !damaged.contains(number) {
          let read = try bad.value { () throws(FormatError) in try table.text(line, number) }
          if let read { text = read } else { damaged.insert(number) }
        }
        count = number
        for (column, place) in chosen.enumerated() where place == index {
          columns[column].append(text)
        }
      }
      counts.append(count)
      guard count == counts[0] else {
        throw FormatError(
          .badData, file: table.path,
          "expected \(counts[0]) lines, as many as \(tables[0].path) has, got \(count)")
      }
    }
    lines = Array(1..<(counts.first ?? 0) + 1)
    if !damaged.isEmpty { keep(lines.indices.filter { !damaged.contains(lines[$0]) }) }
  }

  private mutating func readTabs(
    _ table: UnpackedFile, _ hasHeader: Bool, _ requests: [Request], _ bad: inout BadRows
  ) throws {
    var chosen: [Int]?
    var width = 0
    var problem: Problems?
    try table.forEachLine { number, line throws(FormatError) in
      guard !line.isEmpty, problem == nil else { return }
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
      guard let places = chosen else {
        width = fields.count
        var names: [String] = []
        for field in fields { names.append(try table.text(field, number)) }
        let division = width == 1 ? Division(of: line) : nil
        do throws(Problems) {
          let places = try self.places(
            of: requests, names: hasHeader ? names : nil, count: width, in: table.path, division)
          chosen = places
          if !hasHeader { append(places.map { names[$0] }, number) }
        } catch {
          problem = error
        }
        return
      }
      let row = try bad.value { () throws(FormatError) in
        guard fields.count == width else {
          throw table.failure(
            number,
            "expected \(width) columns, as in the first line, got \(fields.count)")
        }
        var texts: [String] = []
        for place in places { texts.append(try table.text(fields[place], number)) }
        return texts
      }
      if let row { append(row, number) }
    }
    if let problem { throw problem }
  }

  private mutating func readCSV(
    _ file: UnpackedFile, _ separator: Character, _ requests: [Request], _ bad: inout BadRows
  ) throws {
    let table = try CSVTable(
      parsing: file.bytes, file: file.path, separator: separator
    ) { error throws(FormatError) in try bad.leaveOut(error) }
    let chosen = try places(
      of: requests, names: table.columns, count: table.columns.count, in: file.path,
      table.otherSeparator.map { Division(separator: $0, hint: $0.hint()) })
    for row in 0..<table.rowCount {
      append(chosen.map { table[row: row, column: $0] }, table.line(ofRow: row))
    }
  }

  private mutating func readJSON(
    _ table: UnpackedFile, _ requests: [Request], _ bad: inout BadRows
  ) throws {
    var keys: [[String]] = []
    for request in requests { keys.append(try request.keys(in: table.path)) }
    let wanted = Set(keys.joined())
    try table.forEachLine { number, line throws(FormatError) in
      guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
      let row = try bad.value { () throws(FormatError) in
        try Self.texts(of: keys, inObject: line, number, table, wanted)
      }
      if let row { append(row, number) }
    }
  }

  /// The values of some keys of an object, as texts.
  private static func texts(
    of keys: [[String]], inObject line: ArraySlice<UInt8>, _ number: Int, _ table: UnpackedFile,
    _ wanted: Set<String>
  ) throws(FormatError) -> [String] {
    let (object, present): (JSON, [String])
    do throws(Problems) {
      (object, present) = try JSONParser.parse(Array(line), file: table.path, keeping: wanted)
    } catch {
      throw table.failure(number, error.list.first?.message ?? "expected a JSON object")
    }
    guard let members = object.members else {
      throw table.failure(number, "expected a JSON object, got \(object.shown)")
    }
    var texts: [String] = []
    let names = members.map(\.key)
    for keys in keys {
      let key = keys.first { names.firstIndex(named: $0) != nil } ?? keys[0]
      guard let place = names.firstIndex(named: key) else {
        throw table.failure(
          number, "the object has no \"\(key)\"" + suggestion(for: key, among: present))
      }
      let value = members[place].value
      switch value.content {
      case .string(let text): texts.append(text)
      case .integer, .number, .boolean: texts.append(value.text())
      default:
        throw table.failure(
          number, "expected a string, a number or a boolean as \"\(key)\", got \(value.shown)")
      }
    }
    return texts
  }

  private mutating func append(_ texts: [String], _ line: Int) {
    for (column, text) in texts.enumerated() { columns[column].append(text) }
    lines.append(line)
  }

  /// The column that stands for one that is not there: that with the name of the field, or the only one of a file.
  private func other(
    _ request: Request, _ column: ColumnName, _ names: [String]?, _ count: Int, _ isSeveral: Bool
  ) -> Int? {
    switch column.name {
    case .number(let number) where number < count: return nil
    case .text(let text) where names?.firstIndex(named: text) != nil: return nil
    default: break
    }
    if let place = names?.firstIndex(named: request.field) { return place }
    if case .text = column.name, names != nil { return nil }
    return count == 1 && columns.count == 1 && !isSeveral ? 0 : nil
  }

  /// The number of the column that each request means.
  ///
  /// Throws: `Problems` with every column that there is not.
  private func places(
    of requests: [Request], names: [String]?, count: Int, in file: String,
    _ division: Division? = nil
  ) throws(Problems) -> [Int] {
    var problems = Problems()
    var places: [Int] = []
    let hint = division?.hint ?? ""
    let isSeveral = count == 1 && division?.parts(of: names?.first ?? "", name: requests) == true
    for request in requests {
      if request.column == nil, count == 1, !isSeveral {
        places.append(0)
        continue
      }
      let column = request.column ?? ColumnName(.text(request.field))
      if request.mayBeOther, let place = other(request, column, names, count, isSeveral) {
        places.append(place)
        continue
      }
      switch column.name {
      case .number(let number) where number < count: places.append(number)
      case .number(let number):
        problems.add(
          column.problem(
            "expected a column from 0 to \(count - 1), as \(file) has \(count); got \(number)"
              + hint))
      case .text(let text):
        if let place = names?.firstIndex(named: text) {
          places.append(place)
        } else if let names {
          problems.add(
            column.problem(
              "\(file) has no column \"\(text)\"" + suggestion(for: text, among: names) + hint))
        } else {
          problems.add(
            column.problem(
              "expected the number of a column for \"\(request.field)\", as those of \(file) have no names"
            ))
        }
      }
    }
    try problems.throwIfAny()
    return places
  }
}
