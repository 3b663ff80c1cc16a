import ModelSpec
import Settings
import Testing

@Suite struct MergingTests {
  @Test func theUpperValueWins() {
    let lower: JSON = ["a": 1, "b": ["c": [1, 2], "d": 3], "e": "x"]
    let upper: JSON = ["b": ["c": [4], "f": 5], "a": JSON(.null), "g": true]
    #expect(
      lower.merging(upper).text()
        == #"{"a": null, "b": {"c": [4], "d": 3, "f": 5}, "e": "x", "g": true}"#)
    #expect(JSON(3).merging(upper) == upper)
    #expect(lower.merging(3) == 3)
  }

  @Test func placesAreThoseOfTheWinner() throws {
    let lower = try JSONParser.parse(Array(#"{"a": {"b": 1, "c": 2}}"#.utf8), file: "lower")
    let upper = try JSONParser.parse(Array(#"{"a": {"b": 3}}"#.utf8), file: "upper")
    let merged = lower.merging(upper)
    #expect(merged["a"]?["b"]?.place?.file == "upper")
    #expect(merged["a"]?["c"]?.place?.file == "lower")
    #expect(merged.members?.first?.place?.file == "upper")
  }

  @Test func keysAreLeftOut() {
    let json: JSON = ["a": 1, "b": 2, "c": 3]
    #expect(json.without("a", "c", "z") == ["b": 2])
    #expect(JSON(3).without("a") == 3)
  }
}
