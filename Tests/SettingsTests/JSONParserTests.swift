import Settings
import Testing

/// Reads text, or gives the message.
func parse(_ text: String) -> Result<JSON, Problems> { parse(Array(text.utf8)) }

func parse(_ bytes: [UInt8]) -> Result<JSON, Problems> {
  do { return .success(try JSONParser.parse(bytes, file: "f")) } catch { return .failure(error) }
}

func message(_ bytes: [UInt8]) -> String {
  switch parse(bytes) {
  case .success(let json): "no mistake: \(json.text())"
  case .failure(let problems): problems.description
  }
}

@Suite struct JSONParserTests {
  static let texts: [(String, JSON)] = [
    ("null", JSON(.null)), (" true\t", true), ("\r\nfalse", false), ("0", 0), ("-0", 0),
    ("-12", -12), ("9007199254740992", 9_007_199_254_740_992),
    ("-9007199254740992", -9_007_199_254_740_992), ("1.0", 1.0), ("-0.0", JSON(.number(-0.0))),
    ("1e2", 100.0), ("1E+2", 100.0), ("25e-1", 2.5), ("0.1", 0.1),
    ("5e-324", JSON(.number(.leastNonzeroMagnitude))),
    ("1e-400", 0.0), ("1.7976931348623157e308", JSON(.number(.greatestFiniteMagnitude))),
    ("\"\"", ""), ("[]", []), ("{}", [:]), ("[ 1 , [ ] ,\n\"a\"]", [1, [], "a"]),
    (#"{"a": {"b": [null]}, "": 1}"#, ["a": ["b": [JSON(.null)]], "": 1]),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u20AC\ud83d\uDE00\u0000""#, "Aé€😀\0"), ("\"é€😀\u{7F}\"", "é€😀\u{7F}"),
  ]

  @Test(arguments: texts)
  func values(_ text: String, _ expected: JSON) throws {
    #expect(try parse(text).get() == expected)
  }

  @Test func zeroKeepsItsSign() throws {
    guard case .number(let value) = try parse("-0.0").get().content else {
      Issue.record("-0.0 is no number")
      return
    }
    #expect(value.sign == .minus)
  }

  static let wrongTexts: [(String, String)] = [
    ("", "f:1:1: the file is empty; expected a JSON value"),
    (" \n ", "f:2:2: the file is empty; expected a JSON value"),
    ("\u{FEFF}{}", "f:1:1: the file begins with a byte order mark; save it as UTF-8 without one"),
    ("nul", "f:1:1: expected a value, got \"n\""), ("NaN", "f:1:1: expected a value, got \"N\""),
    ("Infinity", "f:1:1: expected a value, got \"I\""),
    ("'a'", "f:1:1: expected a value, got \"'\""),
    ("truer", "f:1:5: expected the end of the file, got \"r\""),
    ("{} {}", "f:1:4: expected the end of the file, got \"{\""),
    ("01", "f:1:2: a number with a leading zero"),
    ("-", "f:1:2: expected a digit, got the end of the file"),
    ("-a", "f:1:2: expected a digit, got \"a\""), ("+1", "f:1:1: expected a value, got \"+\""),
    (".5", "f:1:1: expected a value, got \".\""),
    ("1.", "f:1:3: expected a digit, got the end of the file"),
    ("1.e1", "f:1:3: expected a digit, got \"e\""),
    ("1e", "f:1:3: expected a digit, got the end of the file"),
    ("1e+", "f:1:4: expected a digit, got the end of the file"),
    ("[1 2]", "f:1:4: expected \",\" or \"]\", got \"2\""),
    ("[1", "f:1:3: expected \",\" or \"]\", got the end of the file"),
    ("[1,]", "f:1:4: expected a value, got \"]\" (is there a comma too many before it?)"),
    ("[,1]", "f:1:2: expected a value, got \",\""),
    (
      "{\"a\":1,}",
      "f:1:8: expected a key in double quotes, got \"}\" (is there a comma too many before it?)"
    ),
    ("{a: 1}", "f:1:2: expected a key in double quotes, got \"a\""),
    ("{\"a\" 1}", "f:1:6: expected \":\" after the key \"a\", got \"1\""),
    ("{\"a\": 1\n\"b\": 2}", "f:2:1: expected \",\" or \"}\", got \"\"\""),
    ("{\"a\":\n}", "f:2:1: expected a value, got \"}\" (is there a comma too many before it?)"),
    ("// x\n{}", "f:1:1: expected a value, got \"/\" (JSON has no comments)"),
    ("[1 /* x */]", "f:1:4: expected \",\" or \"]\", got \"/\" (JSON has no comments)"),
    ("\n{\"a\": 1,\n \"b\": 2, \"a\": 3}", "f:3:10: the key \"a\" stands twice, first in line 2"),
    (#"{"a": 1, "\u0061": 2}"#, "f:1:10: the key \"a\" stands twice, first in line 1"),
    ("[\"a]", "f:1:2: a string that no quote ends"),
    ("\"a\nb\"", "f:1:3: a control character in a string; write it as an escape such as \\n"),
    (#""\x""#, "f:1:3: expected an escape that JSON knows, got \"x\""),
    (#""\u12G4""#, "f:1:4: expected four hexadecimal digits, got \"1\""),
    (#""\u12"#, "f:1:4: expected four hexadecimal digits, got \"1\""),
    ("\"\\", "f:1:3: expected an escape, got the end of the file"),
    (#""\ud83d""#, "f:1:8: half of a surrogate pair in an escape"),
    (#""\ud83d\u0041""#, "f:1:14: half of a surrogate pair in an escape"),
    (#""\ude00""#, "f:1:8: half of a surrogate pair in an escape"),
    (
      "9007199254740993",
      "f:1:17: an integer above 2^53, which no reader of JSON holds exactly: 9007199254740993"
    ),
    (
      "[-99999999999999999999]",
      "f:1:23: an integer above 2^53, which no reader of JSON holds exactly: -99999999999999999999"
    ),
    ("1e999", "f:1:6: a number that is too large: 1e999"),
  ]

  @Test(arguments: wrongTexts)
  func mistakes(_ text: String, _ expected: String) {
    #expect(message(Array(text.utf8)) == expected)
  }

  @Test func placesCountCharactersFromOne() throws {
    let json = try parse("{\r\n  \"é😀\": [1,\n\t-2.5, {\"x\": null}],\n\"b\": \"c\"}").get()
    let list = try #require(json["é😀"])
    let elements = try #require(list.elements)
    let places = [
      json.place, json.members?[0].place, list.place, elements[0].place, elements[1].place,
      elements[2].place, elements[2]["x"]?.place, json.members?[1].place, json["b"]?.place,
    ].map { $0.map { "\($0.line):\($0.column)" } }
    #expect(places == ["1:1", "2:3", "2:9", "2:10", "3:2", "3:8", "3:14", "4:1", "4:6"])
    #expect(list.place?.description == "f:2:9")
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xE2, 0x82, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
    ] as [[UInt8]])
  func bytesThatAreNoUTF8(_ bytes: [UInt8]) {
    #expect(message(bytes) == "f:1:1: a string that is not valid UTF-8")
    #expect(message([0x5B, 0x80]).hasPrefix("f:1:2: expected a value"))
  }

  @Test func rowsOfDataMayHoldAnythingThatNobodyWants() throws {
    func row(_ text: String, _ keys: String...) throws(Problems) -> (json: JSON, keys: [String]) {
      try JSONParser.parse(
        Array(text.utf8), file: "f", keeping: Set(keys))
    }
    let text = #"""
      {"id": 1234567890123456789, "a": "x", "score": [NaN, {"s": -Infinity, "s": 1e999}, Infinity],
       "cut": "\ud83d \udc00\ud83d\u0041", "b": 2, "c": -12345678901234567890}
      """#
    let result = try row(text, "b", "a", "c", "d")
    #expect(result.json == ["a": "x", "b": 2, "c": "-12345678901234567890"])
    #expect(result.keys == ["id", "a", "score", "cut", "b", "c"])
    #expect(try row("{}", "a").json == [:])
    #expect(try row("[1, 2]", "a").json == [1, 2])
    var bytes = Array(#"{"a": 1, "b": "x"}"#.utf8)
    bytes[15] = 0xFF
    #expect(try JSONParser.parse(bytes, file: "f", keeping: ["a"]).json == ["a": 1])
    // What is wanted is read strictly, and what is not must be of the same build.
    for (text, message) in [
      (#"{"a": NaN}"#, "f:1:7: expected a value, got \"N\""),
      (#"{"a": {"b": -Infinity}}"#, "f:1:14: expected a digit, got \"I\""),
      (#"{"a": 1e999}"#, "f:1:12: a number that is too large: 1e999"),
      (#"{"a": "\ud83d"}"#, "f:1:14: half of a surrogate pair in an escape"),
      (#"{"b": NaNa}"#, "f:1:10: expected \",\" or \"}\", got \"a\""),
      (#"{"b": 01}"#, "f:1:8: a number with a leading zero"),
      (#"{"b": [1}"#, "f:1:9: expected \",\" or \"]\", got \"}\""),
      (#"{"b": "x}"#, "f:1:7: a string that no quote ends"),
      (#"{"b": 1, "b": 2}"#, "f:1:10: the key \"b\" stands twice, first in line 1"),
      (#"{"a": 1} x"#, "f:1:10: expected the end of the file, got \"x\""),
      ("NaN", "f:1:1: expected a value, got \"N\""),
    ] {
      let error = #expect(throws: Problems.self) { try row(text, "a") }
      #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }
    let nested = String(repeating: "[", count: 100_000)
    let error = #expect(throws: Problems.self) { try row("{\"b\": " + nested, "a") }
    #expect(error?.description.hasSuffix("more than 64 brackets within each other") == true)
  }

  @Test func keysThatAreTextsAreTheSameOnlyByTheirCodePoints() throws {
    let bytes = Array("{\"\u{E9}\": 1, \"e\u{301}\": 2, \"f\": 3}".utf8)
    #expect(message(bytes) == "f:1:10: the key \"e\u{301}\" stands twice, first in line 1")
    let texts = try JSONParser.parse(bytes, file: "f", keysAreTexts: true)
    #expect(
      texts.members?.map { Array($0.key.unicodeScalars) }
        == [["\u{E9}"], ["e", "\u{301}"], ["f"]])
    let row = try JSONParser.parse(bytes, file: "f", keeping: ["e\u{301}"])
    #expect(row.json.members?.map(\.value) == [1, 2])
    let twice = Array("{\"e\u{301}\": 1, \"e\u{301}\": 2}".utf8)
    #expect(throws: Problems.self) { try JSONParser.parse(twice, file: "f", keysAreTexts: true) }
    #expect(throws: Problems.self) { try JSONParser.parse(twice, file: "f", keeping: []) }
  }

  @Test func bracketsStandWithinEachOtherOnlySoDeep() throws {
    func nested(_ count: Int) -> [UInt8] {
      Array(String(repeating: "[", count: count).utf8)
        + Array(String(repeating: "]", count: count).utf8)
    }
    let deepest = JSONParser.maximumDepth + 1
    #expect(throws: Never.self) { try JSONParser.parse(nested(deepest), file: "f") }
    let expected = "f:1:66: more than 64 brackets within each other"
    #expect(message(nested(deepest + 1)) == expected)
    #expect(message(nested(100_000)) == expected)
    let objects = String(repeating: "{\"a\":", count: 100_000)
    #expect(message(Array(objects.utf8)).hasSuffix("more than 64 brackets within each other"))
  }

  @Test func aFileMayBeOnlySoLarge() {
    let bytes = [UInt8](repeating: 0x20, count: JSONParser.maximumSize + 1)
    #expect(message(bytes).hasPrefix("f:1:1: the file has 16777217 bytes"))
  }

  @Test func aLongLineIsReadInTimeThatGrowsWithItsLength() throws {
    // A megabyte in one line: counting each column from the line's beginning would take minutes.
    let count = 300_000
    let json = try parse("[" + String(repeating: "1, ", count: count) + "1]").get()
    #expect(json.elements?.last?.place?.column == 2 + 3 * count)
  }

  static let config = #"""
    {
      "name": "digits é", "seed": 1, "x-note": null,
      "data": {"train": {"type": "idx", "images": "a\u00e9\n.gz", "scale": [0.5, -1e-3]}},
      "training": {"epochs": 12, "shuffle": true, "loss": {"type": "mse", "weights": []}}
    }
    """#

  @Test func everyTruncationIsRefused() throws {
    let bytes = Array(Self.config.utf8)
    _ = try JSONParser.parse(bytes, file: "f")
    for length in 0..<bytes.count {
      #expect(throws: Problems.self) { try JSONParser.parse(Array(bytes[..<length]), file: "f") }
    }
  }

  @Test func noFlippedByteTraps() throws {
    let bytes = Array(Self.config.utf8)
    var state: UInt64 = 1
    func random(below bound: Int) -> Int {
      // A linear congruential generator (Knuth's MMIX constants): the same flips in every run.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refused = 0
    for _ in 0..<20_000 {
      var flipped = bytes
      for _ in 0...random(below: 3) {
        flipped[random(below: bytes.count)] = UInt8(random(below: 256))
      }
      switch parse(flipped) {
      case .success(let json): #expect(try parse(json.text()).get() == json)
      case .failure(let problems): refused += problems.list.count
      }
    }
    #expect(refused > 10_000)
  }
}
