import Testing

@testable import Formats

@Suite struct JSONScannerTests {
  func skip(_ text: String) throws(FormatError) {
    var scanner = JSONScanner(Array(text.utf8), file: "a", offset: 0)
    try scanner.skipValue()
    try scanner.padding()
  }

  func message(_ text: String) throws -> String {
    try formatError { () throws(FormatError) in try skip(text) }.description
  }

  @Test(arguments: [
    "null", " [ ] ", "{\"a\":[1,-2.5e+3,true,false,{}],\n\t\"b\":\"\"}  ", "0", "-0.0E1",
  ])
  func validTextIsPassedOver(text: String) throws {
    try skip(text)
  }

  @Test(arguments: [
    ("", "a: byte 0: expected a value, got the end of the header"),
    ("{\"a\":1,\"a\":2}", "a: byte 7: the key \"a\" stands twice"),
    ("{\"a\":{\"b\":1,\"\\u0062\":2}}", "a: byte 12: the key \"b\" stands twice"),
    ("[1,]", "a: byte 3: expected a value, got \"]\""),
    ("{,}", "a: byte 1: expected a string, got \",\""),
    ("01", "a: byte 1: expected spaces to the end of the header, got \"1\""),
    ("1.", "a: byte 2: expected a digit, got the end of the header"),
    ("NaN", "a: byte 0: expected a value, got \"N\""),
    ("nul", "a: byte 0: expected a value, got \"n\""),
    ("\"\u{1}\"", "a: byte 1: a control character in a string"),
    ("\"\\x\"", "a: byte 1: an escape that JSON does not know"),
    ("\"\\uD800\"", "a: byte 1: half of a surrogate pair in an escape"),
    ("\"\\u12\"", "a: byte 5: expected four hexadecimal digits, got \"\"\""),
    ("\"a", "a: byte 0: a string that no quote ends"),
    ("1\n", "a: byte 1: expected spaces to the end of the header, got the byte 10"),
    ("1\0", "a: byte 1: expected spaces to the end of the header, got the byte 0"),
  ])
  func mistakesNameTheirByte(text: String, expected: String) throws {
    #expect(try message(text) == expected)
  }

  @Test func stringsAreDecoded() throws {
    var scanner = JSONScanner(
      Array(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#.utf8), file: "a", offset: 0)
    #expect(try scanner.string() == "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}\u{E9}")
    var bad = JSONScanner([0x22, 0xC3, 0x22], file: "a", offset: 0)
    #expect(throws: FormatError.self) { try bad.string() }
  }

  @Test(arguments: ["-1", "-0", "1.0", "1e3", "9223372036854775808"])
  func naturalNumbersAreWrittenAsSuch(text: String) throws {
    let error = try formatError { () throws(FormatError) in
      var scanner = JSONScanner(Array(text.utf8), file: "a", offset: 0)
      _ = try scanner.natural()
    }
    #expect(error.message == "expected an integer from 0 to 2^63 - 1, got \(text)")
  }

  @Test func bracketsNestToALimit() throws {
    let limit = JSONScanner.maximumDepth
    try skip(String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
    #expect(
      try message(String(repeating: "[", count: 100_000))
        == "a: byte 64: more than 64 brackets within each other")
    #expect(try message(String(repeating: "{\"a\":", count: 100_000)).hasSuffix("each other"))
  }
}
