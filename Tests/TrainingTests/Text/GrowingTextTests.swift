import Datasets
import Testing

@testable import Training

/// Text as its tokens come.
@Suite struct GrowingTextTests {
  private let text = "Zwölf Boxkämpfer 👩‍🚀 jagen,  e\u{301}t puis naïve 日本語\r\nend"

  private func tokenizers() -> [any Tokenizer] {
    let scalars = [text[...].unicodeScalars]
    var bytePairs = BytePairTokenizer()
    (bytePairs.vocabularySize, bytePairs.addsPrefixSpace) = (270, true)
    return [
      bytePairs.fitted(to: scalars), CharacterTokenizer().fitted(to: scalars),
      WordTokenizer().fitted(to: scalars),
    ]
  }

  @Test(arguments: [true, false]) func piecesMakeTheWhole(isBeginning: Bool) throws {
    for tokenizer in tokenizers() {
      let tokens = try tokenizer.encode(text[...].unicodeScalars).map(Int.init)
      var growing = GrowingText(tokenizer, isBeginning: isBeginning)
      var pieces = tokens.map { growing.append($0) }
      pieces.append(growing.rest)
      let whole =
        isBeginning ? tokenizer.decodeBeginning(tokens) : tokenizer.decode(tokens)
      #expect(Array(pieces.joined().unicodeScalars) == Array(whole.unicodeScalars))
      #expect(pieces.count { !$0.isEmpty } > tokens.count / 3)
      #expect(!pieces.dropLast().contains { $0.contains("\u{FFFD}") })
    }
  }

  @Test func partsOfACharacterAreHeldBack() throws {
    let tokenizer = tokenizers()[0]
    let tokens = try tokenizer.encode("日"[...].unicodeScalars).map(Int.init)
    var growing = GrowingText(tokenizer, isBeginning: true)
    for token in tokens.dropLast() { #expect(growing.append(token).isEmpty) }
    #expect(growing.rest == "\u{FFFD}")
    #expect(growing.append(tokens[tokens.count - 1]) == "日")
  }

  @Test func nothingOfAStopIsWritten() {
    var text = StoppedText(stops: ["END", "\n\n"])
    let pieces = ["one\n", "two E", "N", "d\n", "three\nE", "ND four"].map { text.take($0) }
    #expect(pieces.joined() == "one\ntwo ENd\nthree\n")
    #expect(text.isEnded && text.rest.isEmpty)
    var other = StoppedText(stops: ["END"])
    #expect(other.take("the E") + other.take("N") + other.rest == "the EN")
    #expect(!other.isEnded)
  }
}
