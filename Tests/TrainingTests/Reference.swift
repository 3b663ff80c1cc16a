import Foundation
import Settings
import Testing

/// A file of Tests/TrainingTests/Fixtures, written by a script of scripts/reference.
struct Reference {
  let json: JSON

  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let bytes = try Data(contentsOf: folder.appending(path: "Fixtures/\(name)"))
    json = try JSONParser.parse(Array(bytes), file: name)
  }

  private init(json: JSON) { self.json = json }

  subscript(key: String) -> Reference {
    get throws { Reference(json: try #require(json[key], "no \(key)")) }
  }

  var elements: [Reference] {
    get throws { try #require(json.elements).map(Reference.init(json:)) }
  }

  var members: [(name: String, value: Reference)] {
    get throws { try #require(json.members).map { ($0.key, Reference(json: $0.value)) } }
  }

  /// A number; NaN for null.
  var number: Double {
    get throws { json == JSON(.null) ? .nan : try value() }
  }

  /// All numbers of nested lists, in their order.
  var numbers: [Double] {
    get throws {
      guard let elements = json.elements else { return [try number] }
      return try elements.flatMap { try Reference(json: $0).numbers }
    }
  }

  var texts: [String] {
    get throws { try elements.map { try #require($0.json.string) } }
  }

  private func value<Value: SettingValue>() throws -> Value {
    var problems = Problems()
    return try #require(Value.read(json, at: "", &problems))
  }
}

/// A setting of some kind out of JSON text; throws what is wrong with it.
func read<Base>(_ registry: Registry<Base>, _ text: String) throws -> Base {
  try read(registry, JSONParser.parse(Array(text.utf8), file: "test.json"))
}

func read<Base>(_ registry: Registry<Base>, _ json: JSON) throws -> Base {
  var problems = Problems()
  let value = registry.read(json, at: "", &problems)
  try problems.throwIfAny()
  return try #require(value)
}
