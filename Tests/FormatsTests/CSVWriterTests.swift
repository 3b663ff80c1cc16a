import Testing

@testable import Formats

@Suite struct CSVWriterTests {
  @Test func whatIsWrittenComesBack() throws {
    var writer = CSVWriter(columns: ["name", "a,b", "x \"y\""])
    writer.append(["plain", "", "two\nlines"])
    writer.append(["é", "1,5", "\"\""])
    try withDirectory { directory in
      for name in ["a.csv", "a.csv.gz"] {
        try writer.write("\(directory)/\(name)")
        let table = try CSVTable(reading: "\(directory)/\(name)")
        #expect(table.columns == writer.columns)
        #expect(try table.strings("name") == ["plain", "é"])
        #expect(try table.strings("a,b") == ["", "1,5"])
        #expect(try table.strings("x \"y\"") == ["two\nlines", "\"\""])
      }
    }
  }

  @Test func numbersComeBackBitForBit() throws {
    let numbers: [Float] = [0.1, -1 / 3, 1e-38, 16_777_216]
    var writer = CSVWriter(columns: ["row", "a", "b", "c", "d"])
    numbers.withUnsafeBufferPointer { writer.append(["7"], numbers: $0) }
    #expect(
      String(decoding: writer.encoded, as: UTF8.self).hasSuffix(
        "\n7,0.1,-0.33333334,1e-38,16777216.0\n"))
    let table = try CSVTable(parsing: writer.encoded, file: "a.csv")
    for (name, number) in zip(["a", "b", "c", "d"], numbers) {
      #expect(try table.numbers(name).map { Float($0) } == [number])
    }
  }

  @Test func anEmptyFieldAloneIsARow() throws {
    var writer = CSVWriter(columns: ["a"])
    writer.append([""])
    #expect(try CSVTable(parsing: writer.encoded, file: "a.csv").strings("a") == [""])
  }
}
