import Settings
import Testing

/// A word of a few.
enum Padding: String, CaseIterable, SettingValue { case same, valid }

/// Every kind of field.
struct Sample: Configurable {
  var count = 1
  var rate = 0.5
  var isOn = true
  var name = "n"
  var padding = Padding.valid
  var sizes = [1, 2]
  var table: [String: Double] = [:]
  var limit: Int?
  var anything: JSON?

  static var fields: [Field<Sample>] {
    [
      Field("count", \.count, required: true, .within(1...9), "How many."),
      Field("rate", \.rate, .within(0..<1), "How fast."), Field("on", \.isOn, "Whether."),
      Field("name", \.name, "What for."), Field("padding", \.padding, "Which."),
      Field("sizes", \.sizes, .each(.atLeast(1)), "How large."),
      Field("table", \.table, "For each."), Field("limit", \.limit, .above(0), "How far."),
      Field("anything", \.anything, "Whatever."),
    ]
  }

  var contradiction: String? { limit.map { $0 < count } ?? false ? "limit is below count" : nil }
}

/// The value read from text, or what is wrong.
func read<Value: SettingValue>(_ type: Value.Type, _ text: String) -> (Value?, [String]) {
  var problems = Problems()
  guard case .success(let json) = parse(text) else { return (nil, ["no JSON"]) }
  let value = Value.read(json, at: "s", &problems)
  return (value, problems.list.map(\.description))
}

@Suite struct ConfigurableTests {
  @Test func absentKeysKeepTheirDefaults() {
    let (value, problems) = read(Sample.self, #"{"count": 3, "x-mine": 7}"#)
    #expect(problems.isEmpty)
    #expect(value == Sample(count: 3))
  }

  @Test func everyKeyIsReadAndWritten() {
    let text =
      #"{"count": 3, "rate": 0.25, "on": false, "name": "é", "padding": "same", "sizes": [], "table": {"a": 1, "b": 0.5}, "limit": 4, "anything": [null]}"#
    let (value, problems) = read(Sample.self, text)
    #expect(problems.isEmpty)
    #expect(value?.json.text() == text)
    #expect(value?.table == ["a": 1, "b": 0.5])
    #expect(Sample().json["limit"] == nil)
  }

  @Test(arguments: [
    ("[]", ["f:1:1: s: expected an object, got an empty list"]),
    ("{}", ["f:1:1: s: \"count\" is missing: an integer, from 1 to 9 (How many.)"]),
    (#"{"count": "3"}"#, ["f:1:11: s.count: expected an integer, got \"3\""]),
    (#"{"count": 1.5}"#, ["f:1:11: s.count: expected an integer, got 1.5"]),
    (#"{"count": 2.0}"#, []), (#"{"count": 1, "rate": 0}"#, []),
    (#"{"count": 0}"#, ["f:1:11: s.count: expected an integer, from 1 to 9, got 0"]),
    (
      #"{"count": 1, "rate": 1}"#,
      ["f:1:22: s.rate: expected a number, at least 0 and below 1, got 1"]
    ),
    (#"{"count": 1, "on": 1}"#, ["f:1:20: s.on: expected true or false, got 1"]),
    (#"{"count": 1, "name": null}"#, ["f:1:22: s.name: expected a string, got null"]),
    (
      #"{"count": 1, "padding": "sam"}"#,
      [
        "f:1:25: s.padding: expected one of \"same\", \"valid\", got \"sam\" (did you mean \"same\"?)"
      ]
    ),
    (
      #"{"count": 1, "padding": 3}"#,
      ["f:1:25: s.padding: expected one of \"same\", \"valid\", got 3"]
    ),
    (
      #"{"count": 1, "sizes": [1, "a", true]}"#,
      [
        "f:1:27: s.sizes[1]: expected an integer, got \"a\"",
        "f:1:32: s.sizes[2]: expected an integer, got true",
      ]
    ),
    (
      #"{"count": 1, "sizes": [0]}"#,
      ["f:1:23: s.sizes: expected a list, each an integer, each at least 1, got a list of 1"]
    ),
    (
      #"{"count": 1, "table": {"a": "b"}}"#,
      ["f:1:29: s.table.a: expected a number, got \"b\""]
    ),
    (
      #"{"count": 1, "table": 2}"#,
      ["f:1:23: s.table: expected an object, each value a number, got 2"]
    ),
    (
      #"{"count": 1, "limit": 0}"#, ["f:1:23: s.limit: expected an integer, above 0, got 0"]
    ),
    (#"{"count": 5, "limit": 4}"#, ["f:1:1: s: limit is below count"]),
    (
      #"{"cuont": 5, "rat": 1, "zzzzzz": 0, "on": 3}"#,
      [
        "f:1:2: s.cuont: unknown key (did you mean \"count\"?)",
        "f:1:14: s.rat: unknown key (did you mean \"rate\"?)",
        "f:1:24: s.zzzzzz: unknown key (known: count, rate, on, name, padding, sizes, table, limit, anything)",
        "f:1:1: s: \"count\" is missing: an integer, from 1 to 9 (How many.)",
        "f:1:43: s.on: expected true or false, got 3",
      ]
    ),
  ])
  func mistakesComeAllAtOnce(_ text: String, _ expected: [String]) {
    let (value, problems) = read(Sample.self, text)
    #expect(problems == expected)
    #expect((value == nil) == !expected.isEmpty)
  }

  @Test func manyUnknownKeysEndTheReading() {
    let members = (0..<100_000).map { "\"wrong\($0)\": 0" }.joined(separator: ", ")
    #expect(read(Sample.self, "{\(members)}").1.count == 101)
  }

  @Test func theSchemaSaysWhatTheReaderChecks() throws {
    let schema = Sample.schema(with: [.init("rate", "another"), .init("type", ["const": "s"])])
    let properties = try #require(schema["properties"])
    #expect(
      properties["count"] == [
        "type": "integer", "minimum": 1, "maximum": 9, "description": "How many.",
      ])
    #expect(
      properties["rate"] == [
        "type": "number", "minimum": 0, "exclusiveMaximum": 1, "description": "How fast.",
        "default": 0.5,
      ])
    #expect(properties["padding"]?["enum"] == ["same", "valid"])
    #expect(properties["limit"]?["default"] == nil)
    #expect(properties.members?.first?.key == "type")
    #expect(schema["required"] == ["count"])
    #expect(schema["additionalProperties"] == false)
  }
}
