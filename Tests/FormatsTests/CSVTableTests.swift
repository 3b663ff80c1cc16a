import Testing

@testable import Formats

@Suite struct CSVTableTests {
  func table(_ text: String, separator: Character = ",") throws(FormatError) -> CSVTable {
    try CSVTable(parsing: Array(text.utf8), file: "t.csv", separator: separator)
  }

  func message(_ text: String) throws -> String {
    try formatError { () throws(FormatError) in _ = try table(text) }.description
  }

  @Test func quotesLineEndsAndSeparatorsWithinFields() throws {
    let table = try table(
      "\u{FEFF}name,\"a \"\"b\"\"\"\r\n\"x,\r\ny\",1\r\n\r\n  z ,-2.5e1\n\"\",3")
    #expect(table.columns == ["name", "a \"b\""])
    #expect(table.rowCount == 3)
    #expect(try table.strings("name") == ["x,\r\ny", "  z ", ""])
    #expect(try table.numbers("a \"b\"") == [1, -25, 3])
    #expect((0..<3).map(table.line) == [2, 5, 6])
  }

  @Test func rowsThatCannotBeReadMayBeLeftOut() throws {
    let text =
      "a,b\n1,2\n3\n4,x\"y\n5,\"z\"w\n\"7\n7\",8\n9,1\r0\n11,12,13\n\"a\n\u{1}\",1\n15,\"1\"\"6\"\n17,1\"8"
    var bytes = Array(text.utf8)
    // What is no UTF-8 stands in a field of two lines.
    bytes[try #require(bytes.firstIndex(of: 1))] = 0xFF
    var left: [String] = []
    let table = try CSVTable(parsing: bytes, file: "t.csv") { left.append($0.description) }
    #expect(try table.strings("a") == ["1", "7\n7", "15"])
    #expect(try table.strings("b") == ["2", "8", "1\"6"])
    #expect((0..<3).map(table.line) == [2, 6, 12])
    #expect(
      left == [
        "t.csv:3: expected 2 fields as in the header, got 1",
        "t.csv:4: a quote within a field; put the field in quotes and double it",
        "t.csv:5: expected a separator or the end of the line after the closing quote",
        "t.csv:8: expected a line feed after the carriage return",
        "t.csv:9: expected 2 fields as in the header, got 3",
        "t.csv:10: a field that is not valid UTF-8",
        "t.csv:13: a quote within a field; put the field in quotes and double it",
      ])
    let some = CSVTable([2, 0], of: table)
    #expect(some.columns == ["a", "b"])
    #expect(try some.strings("b") == ["1\"6", "2"])
    #expect((0..<2).map(some.line) == [12, 2])
    #expect(CSVTable([], of: table).rowCount == 0)
  }

  @Test func whatIsNoRowIsNeverLeftOut() throws {
    for text in ["", "a,a\n1,2\n", "a\"b,c\n1,2\n", "a,b\n1,2\n3,\"4\n5,6\n"] {
      let error = try formatError { () throws(FormatError) in
        _ = try CSVTable(parsing: Array(text.utf8), file: "t.csv") { _ in }
      }
      #expect(try error.description == message(text))
    }
  }

  @Test func otherSeparators() throws {
    #expect(try table("a\tb\n1,5\t2\n", separator: "\t").strings("a") == ["1,5"])
  }

  @Test func aHeaderAloneIsAnEmptyTable() throws {
    #expect(try table("a,b").rowCount == 0)
    #expect(try table(",b\n1,2\n").columns == ["", "b"])
  }

  @Test(arguments: [
    ("", "t.csv:1: expected a header row, got no text"),
    ("\n\n", "t.csv:1: expected a header row, got no text"),
    ("a,b,a\n", "t.csv:1: two columns have the name \"a\""),
    ("a,b\n1,2\n1\n", "t.csv:3: expected 2 fields as in the header, got 1"),
    ("a,b\n1,2,3\n", "t.csv:2: expected 2 fields as in the header, got 3"),
    ("a\n\"x\ny\n", "t.csv:2: a quote that nothing closes"),
    ("a\nx\"y\n", "t.csv:2: a quote within a field; put the field in quotes and double it"),
    (
      "a\n\"x\"y\n",
      "t.csv:2: expected a separator or the end of the line after the closing quote"
    ),
    ("a\nx\ry\n", "t.csv:2: expected a line feed after the carriage return"),
  ])
  func mistakesNameTheirLine(text: String, expected: String) throws {
    #expect(try message(text) == expected)
  }

  @Test func textThatIsNotUTF8IsRefused() throws {
    let error = try formatError { () throws(FormatError) in
      _ = try CSVTable(parsing: Array("a\nb\n".utf8) + [0xFF, 0x0A], file: "t.csv")
    }
    #expect(error.description == "t.csv:3: a field that is not valid UTF-8")
  }

  @Test func wrongNamesAndNumbersAreExplained() throws {
    let table = try table("sepal_length,kind\n1,\n2,two\nnan,x\n")
    #expect(
      try formatError { () throws(FormatError) in _ = try table.index(of: "sepal_lenght") }
        .description == "t.csv:1: no column \"sepal_lenght\" (did you mean \"sepal_length\"?)")
    #expect(
      try formatError { () throws(FormatError) in _ = try table.numbers("kind") }.description
        == "t.csv:2: expected a number in the column \"kind\", got an empty field")
    #expect(
      try formatError { () throws(FormatError) in _ = try table.numbers("sepal_length") }
        .description == "t.csv:4: expected a number in the column \"sepal_length\", got \"nan\"")
  }

  @Test func otherSeparatorsAndDecimalCommasAreNamed() throws {
    let semicolons = #"; the line looks divided by semicolons: "separator": ";""#
    #expect(
      try message("a;b;y\n1,5;2,25;0\n")
        == "t.csv:2: expected 1 fields as in the header, got 3" + semicolons)
    let table = try table("\r\na;b\n1;2\n")
    #expect(table.otherSeparator == .semicolon)
    #expect(
      try formatError { () throws(FormatError) in _ = try table.index(of: "a") }.description
        == "t.csv:1: no column \"a\" (known: a;b)" + semicolons)
    #expect(
      try formatError { () throws(FormatError) in _ = try table.numbers("a;b") }.description
        == "t.csv:3: expected a number in the column \"a;b\", got \"1;2\"" + semicolons)
    #expect(
      try message("\"a\";\"b\"\n1;2\n")
        == "t.csv:1: expected a separator or the end of the line after the closing quote"
        + semicolons)
    let german = try self.table("a;b\n1,5;2\n", separator: ";")
    #expect(german.otherSeparator == nil)
    #expect(
      try formatError { () throws(FormatError) in _ = try german.numbers("a") }.description
        == "t.csv:2: expected a number in the column \"a\", got \"1,5\"; numbers have a decimal "
        + "point, not a comma")
  }

  @Test func columnsDifferByTheirCodePoints() throws {
    let table = try table("\u{E9},e\u{301}\n1,2\n")
    #expect(try table.numbers("e\u{301}") == [2])
    #expect(try table.numbers("\u{E9}") == [1])
  }

  @Test func noInputTraps() {
    let good = Array("a,\"b\"\r\n1,\"x\"\"\ny\"\r\n".utf8)
    expectHostileInputIsRefused(good, allowedPrefixes: Set(0...good.count)) {
      bytes throws(FormatError) in
      let table = try CSVTable(parsing: bytes, file: "t.csv")
      for row in 0..<table.rowCount {
        for column in table.columns.indices { _ = table[row: row, column: column] }
      }
    }
  }

  @Test func aFileMayBeGzipped() throws {
    try withDirectory { directory in
      let packed = try Gzip.compress(Array("a\n1\n".utf8), file: "t.csv.gz")
      try AtomicFile.write("\(directory)/t.csv.gz", packed)
      #expect(try CSVTable(reading: "\(directory)/t.csv.gz").numbers("a") == [1])
    }
  }
}
