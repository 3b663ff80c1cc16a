import ModelSpec
import Settings
import Testing

@Suite struct ModelSchemaTests {
  let schema = ModelSchema.document(
    toyRegistry, blocks: Registry("block", []), kinds: [.init("initializer", ["enum": ["zeros"]])])

  /// Every value of a key, anywhere in a schema.
  func values(of key: String, in json: JSON) -> [JSON] {
    let members = json.members ?? []
    let inside = members.map(\.value) + (json.elements ?? [])
    return members.filter { $0.key == key }.map(\.value)
      + inside.flatMap { values(of: key, in: $0) }
  }

  @Test func everyReferenceLeadsToADefinition() {
    let references = Set(values(of: "$ref", in: schema).compactMap(\.string))
    #expect(references.count >= 5)
    for reference in references {
      let parts = reference.split(separator: "/").map(String.init)
      #expect(parts.count == 3 && parts[1] == "definitions", "\(reference)")
      #expect(schema["definitions"]?[parts[2]] != nil, "\(reference)")
    }
  }

  @Test func itIsValidJSONWithoutDuplicateKeys() throws {
    #expect(try json(schema.text(indented: true)) == schema)
    #expect(schema["$schema"] == "http://json-schema.org/draft-07/schema#")
  }

  @Test func everyLayerHasItsKeysAndThoseOfAll() throws {
    let choices = schema["definitions"]?["layer"]?["else"]?["allOf"]?.elements ?? []
    #expect(choices.count == toyRegistry.types.count)
    let dense = try #require(
      choices.first { $0["if"]?["properties"]?["type"]?["const"] == "dense" }?["then"])
    #expect(
      dense["properties"]?.members?.map(\.key) == [
        "type", "name", "inputs", "activation", "repeat", "parameters_of", "units", "use_bias",
      ])
    #expect(dense["required"] == ["units"])
    #expect(dense["properties"]?["units"]?["type"] == ["integer", "string"])
    #expect(dense["properties"]?["units"]?["pattern"] == #"\$\{"#)
    // A layer that has such a key itself keeps its own meaning of it.
    let lstm = try #require(
      choices.first { $0["if"]?["properties"]?["type"]?["const"] == "lstm" }?["then"])
    #expect(lstm["properties"]?["activation"]?["description"] == "The function of the state.")
  }
}
