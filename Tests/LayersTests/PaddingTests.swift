import Layers
import Settings
import Testing

@Suite struct PaddingTests {
  @Test(arguments: [
    ("\"valid\"", Padding.valid), ("\"same\"", .same),
    ("1", .explicit(top: 1, bottom: 1, left: 1, right: 1)),
    ("[1, 2]", .explicit(top: 1, bottom: 1, left: 2, right: 2)),
    ("[0, 1, 2, 3]", .explicit(top: 0, bottom: 1, left: 2, right: 3)),
  ])
  func reads(_ text: String, _ padding: Padding) throws {
    var problems = Problems()
    let json = try JSONParser.parse(Array(text.utf8), file: "test.json")
    #expect(Padding.read(json, at: "padding", &problems) == padding)
    #expect(Padding.read(padding.json, at: "padding", &problems) == padding)
    #expect(problems.isEmpty)
  }

  @Test(arguments: ["\"Same\"", "-1", "[1]", "[1, 2, 3]", "[1, \"2\"]", "1.5", "9999999999", "{}"])
  func refuses(_ text: String) throws {
    var problems = Problems()
    let json = try JSONParser.parse(Array(text.utf8), file: "test.json")
    #expect(Padding.read(json, at: "padding", &problems) == nil)
    #expect(problems.list.count == 1)
  }
}
