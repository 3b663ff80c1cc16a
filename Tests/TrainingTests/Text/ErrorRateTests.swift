import TensorCore
import Testing
import Training

@Suite struct ErrorRateTests {
  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("abc", "abc", 0),
    ("intention", "execution", 5), ("ab", "ba", 2),
  ])
  func distancesOfKnownWords(one: String, other: String, distance: Int) {
    #expect(editDistance(one, other) == distance)
    #expect(editDistance(other, one) == distance)
  }

  /// Against the definition, computed in every way that there is.
  @Test func distancesAreTheFewestEdits() {
    func fewest(_ one: ArraySlice<Int>, _ other: ArraySlice<Int>) -> Int {
      guard let a = one.first, let b = other.first else { return one.count + other.count }
      return min(
        fewest(one.dropFirst(), other.dropFirst()) + (a == b ? 0 : 1),
        fewest(one.dropFirst(), other) + 1, fewest(one, other.dropFirst()) + 1)
    }
    let random = RandomStream(seed: 1, name: "distances")
    for trial in 0..<60 {
      let lists = [0, 1].map { side in
        (0..<Int(random.word(64 * trial + 32 * side) % 7)).map {
          Int(random.word(64 * trial + 32 * side + 1 + $0) % 3)
        }
      }
      #expect(editDistance(lists[0], lists[1]) == fewest(lists[0][...], lists[1][...]))
    }
  }

  @Test func ratesAreThoseOfTheCorpus() {
    let (hypotheses, references) = (["the cat  sat", "hello"], ["the cat sat down", "yellow"])
    let words = ErrorRate.ofWords(hypotheses: hypotheses, references: references)
    #expect((words.edits, words.length, words.rate) == (2, 5, 0.4))
    let characters = ErrorRate.ofCharacters(hypotheses: hypotheses, references: references)
    #expect((characters.edits, characters.length) == (6 + 2, 22))
  }

  @Test func charactersAreCodePoints() {
    let rate = ErrorRate.ofCharacters(hypotheses: ["cafe\u{301}"], references: ["caf\u{E9}"])
    #expect((rate.edits, rate.length) == (2, 4))
    #expect(ErrorRate.ofWords(hypotheses: ["cafe\u{301}"], references: ["caf\u{E9}"]).rate == 1)
  }

  @Test func ratesOfNothing() {
    #expect(ErrorRate.ofWords(hypotheses: [""], references: [" "]).rate == 0)
    #expect(ErrorRate.ofWords(hypotheses: ["a"], references: [""]).rate.isNaN)
    #expect(ErrorRate.ofWords(hypotheses: ["a b c"], references: ["d"]).rate == 3)
  }
}
