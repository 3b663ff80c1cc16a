import Settings
import Testing

protocol Shape: Variant {}

struct Circle: Shape {
  static let type = "circle"
  static let manual = "A round one.\nIts area is πr²."
  var radius = 1.0
  static var fields: [Field<Circle>] { [Field("radius", \.radius, .above(0), "Half its width.")] }
}

struct Square: Shape {
  static let type = "square"
  static let manual = "One with corners."
  var side = 0
  static var fields: [Field<Square>] {
    [Field("side", \.side, required: true, "Each of the four.")]
  }
}

enum Shapes: Kind {
  static let registry = Registry<any Shape>("shape", [Circle.self, Square.self])
  static func json(_ value: any Shape) -> JSON { value.typedJSON }
}

@Suite struct RegistryTests {
  @Test(arguments: [
    ("\"circle\"", #"{"type": "circle", "radius": 1}"#),
    (#"{"type": "circle"}"#, #"{"type": "circle", "radius": 1}"#),
    (#"{"radius": 2.5, "type": "circle"}"#, #"{"type": "circle", "radius": 2.5}"#),
    (#"{"type": "square", "side": 4}"#, #"{"type": "square", "side": 4}"#),
  ])
  func variantsAreReadAndWritten(_ text: String, _ expected: String) throws {
    let choice = try #require(read(Choice<Shapes>.self, text).0)
    #expect(choice.json.text() == expected)
    #expect(read(Choice<Shapes>.self, choice.json.text()).0 == choice)
  }

  @Test(arguments: [
    ("3", "f:1:1: s: expected an object with a \"type\", got 3"),
    ("{}", "f:1:1: s: \"type\" is missing: which shape this is"),
    (#"{"type": 1}"#, "f:1:10: s.type: expected a string, got 1"),
    (
      #"{"type": "cirle"}"#,
      "f:1:10: s.type: unknown shape \"cirle\" (did you mean \"circle\"?)"
    ),
    ("\"zzz\"", "f:1:1: s.type: unknown shape \"zzz\" (known: circle, square)"),
    ("\"square\"", "f:1:1: s: \"side\" is missing: an integer (Each of the four.)"),
    (
      #"{"type": "circle", "side": 1}"#,
      "f:1:20: s.side: unknown key (known: radius, type)"
    ),
    (
      #"{"type": "circle", "radius": 0}"#,
      "f:1:30: s.radius: expected a number, above 0, got 0"
    ),
  ])
  func mistakes(_ text: String, _ expected: String) {
    #expect(read(Choice<Shapes>.self, text).1 == [expected])
  }

  @Test func someKeysAreSomebodyElses() {
    var problems = Problems()
    let json: JSON = ["type": "circle", "name": "c"]
    #expect(Shapes.registry.read(json, at: "", besides: ["name"], &problems) is Circle)
    #expect(problems.isEmpty)
  }

  @Test func theRegistryKnowsItsTypesAndTheirSummaries() {
    #expect(Shapes.registry.types == ["circle", "square"])
    #expect(Shapes.registry.variant("square")?.summary == "One with corners.")
    #expect(Circle.summary == "A round one.")
    #expect(Shapes.registry.variant("oval") == nil)
  }

  @Test func theSchemaTellsTypesApart() throws {
    let schema = Shapes.registry.definition(with: [.init("name", ["type": "string"])])
    #expect(schema["then"] == ["enum": ["circle", "square"]])
    let choices = try #require(schema["else"]?["allOf"]?.elements)
    #expect(choices.count == 2)
    let square = try #require(choices[1]["then"])
    #expect(square["properties"]?.members?.map(\.key) == ["type", "name", "side"])
    #expect(square["required"] == ["side"])
    #expect(Choice<Shapes>.schema == ["$ref": "#/definitions/shape"])
  }
}
