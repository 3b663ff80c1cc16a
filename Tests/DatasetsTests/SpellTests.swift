import Datasets
import TensorCore
import Testing

@Suite struct SpellTests {
  private let field = DataField("label", [], classes: 3, classNames: ["on", "no", "nun"])

  @Test func `a class becomes the letters of its name`() throws {
    let spell = try transform(#"{"type": "spell", "field": "label"}"#)
    let output = try spell.bound(to: field, random: RandomStream(seed: 1, name: "x")).output
    #expect(
      output == DataField("label", [3], classes: 4, classNames: ["", "n", "o", "u"]))
    #expect(
      try (0..<3).map { try apply(spell, field, [Float($0)]) } == [
        [2, 1, 0], [1, 2, 0], [1, 3, 1],
      ])
  }

  @Test func `words and their length may be given`() throws {
    let spell = try transform(
      #"{"type": "spell", "field": "label", "words": ["ja", "na\u0308h", "n"], "length": 4}"#)
    let plain = DataField("label", [])
    let output = try spell.bound(to: plain, random: RandomStream(seed: 1, name: "x")).output
    // A letter with its accent is one.
    #expect(output.classNames == ["", "a", "h", "j", "n", "\u{E4}"])
    #expect(try apply(spell, plain, [1]) == [4, 5, 2, 0])
    #expect(throws: DataError.self) { try apply(spell, plain, [3]) }
  }

  @Test(arguments: [
    (#""words": ["a", "b"]"#, "has 3 classes, but there are 2 words"),
    (#""length": 2"#, "the longest word has 3 letters, more than \"length\" 2"),
  ])
  func `what does not fit is said`(more: String, message: String) throws {
    let spell = try transform(#"{"type": "spell", "field": "label", \#(more)}"#)
    do {
      _ = try spell.bound(to: field, random: RandomStream(seed: 1, name: "x"))
      Issue.record("accepted")
    } catch { #expect("\(error)".contains(message)) }
  }
}
