import ModelSpec
import Settings
import Testing

/// Models with mistakes that nobody thought of: each is read or refused, and none traps.
@Suite struct MutationTests {
  static let model = #"""
    {"networks": {
      "encoder": {"inputs": {"x": [8]}, "layers": [
        {"type": "dense", "name": "a", "units": 4, "activation": "relu", "repeat": 2},
        {"type": "residual", "width": 4, "repeat": 2, "activation": {"type": "leaky_relu"}},
        {"type": "lstm", "name": "l", "units": 2},
        {"type": "add", "inputs": ["l:1", "a_1", "residual_1/dense_1"]}], "outputs": ["l:2", "add_1"]},
      "twins": {"inputs": {"one": [8], "two": [8]}, "layers": [
        {"type": "network", "network": "encoder", "inputs": "one", "name": "e"},
        {"type": "network", "network": "encoder", "inputs": ["two"]},
        {"type": "add", "inputs": ["e", "e:1", "network_1"]}, "random_normal",
        {"type": "dense", "units": 4, "inputs": "e", "parameters_of": "e/a_1"}]}},
     "blocks": {
      "residual": {"parameters": {"width": null, "slope": 0.1}, "layers": [
        {"type": "dense", "units": "${width}"}, {"type": "leaky_relu", "slope": "${slope}"},
        {"type": "pair", "inputs": ["input", "dense_1"]}]},
      "pair": {"inputs": ["p", "q"], "layers": [{"type": "add", "inputs": ["p", "q"]}], "outputs": "add_1"}}}
    """#

  /// The same numbers in every run.
  struct Random {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      // Knuth's MMIX constants.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  /// All values of a document, the document first.
  func values(_ json: JSON) -> [JSON] {
    [json] + (json.elements ?? json.members?.map(\.value) ?? []).flatMap(values)
  }

  /// The document with one of its values replaced; `count` numbers them as `values` does.
  func replacing(_ target: Int, in json: JSON, with value: JSON, _ count: inout Int) -> JSON {
    if count == target {
      count += 1
      return value
    }
    count += 1
    switch json.content {
    case .array(let elements):
      var changed: [JSON] = []
      for element in elements {
        changed.append(replacing(target, in: element, with: value, &count))
      }
      return JSON(.array(changed), at: json.place)
    case .object(let members):
      var changed: [JSON.Member] = []
      for member in members {
        let inside = replacing(target, in: member.value, with: value, &count)
        changed.append(.init(member.key, inside, at: member.place))
      }
      return JSON(.object(changed), at: json.place)
    default: return json
    }
  }

  @Test func theModelItselfIsRight() throws {
    #expect(messages(Self.model).isEmpty)
  }

  @Test func valuesInTheWrongPlaceAreReadOrRefused() throws {
    let original = try json(Self.model)
    let parts =
      values(original) + [JSON(.null), -1, 0, 1e300, "", ":", "a:", "${", "${width}", [], [:]]
    var random = Random(state: 7)
    var refused = 0
    for _ in 0..<1000 {
      var mutant = original
      for _ in 0...random.next(below: 2) {
        let target = random.next(below: values(mutant).count)
        var count = 0
        let part = parts[random.next(below: parts.count)]
        mutant = replacing(target, in: mutant, with: part, &count)
      }
      do {
        _ = try Networks(mutant, registry: toyRegistry)
      } catch {
        refused += 1
        #expect(!error.isEmpty)
      }
    }
    #expect(refused > 300)
  }

  @Test func noFlippedByteTraps() {
    let bytes = Array(Self.model.utf8)
    var random = Random(state: 11)
    for _ in 0..<1000 {
      var flipped = bytes
      flipped[random.next(below: bytes.count)] = bytes[random.next(below: bytes.count)]
      guard let json = try? JSONParser.parse(flipped, file: "f") else { continue }
      _ = try? Networks(json, registry: toyRegistry)
    }
  }
}
