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

  /// In each text `|` stands where the stop begins; pieces are cut at every place between code points.
  @Test(arguments: [
    ("\r\n", "one|\r\n two"), ("\n", "one\r|\n two"), ("\r\n\r\n", "one\r\n.|\r\n\r\n"),
    ("\u{915}\u{93F}", "ab|\u{915}\u{93F}c"), ("\u{915}", "ab|\u{915}\u{93F}c"),
    ("\u{1F469}\u{200D}\u{1F4BB}", "a|\u{1F469}\u{200D}\u{1F4BB}b"),
    ("\u{1F469}", "\u{1F468}\u{200D}|\u{1F469}b"), ("e\u{301}", "\u{E9}|e\u{301}a"),
    ("\u{E9}", "e\u{301}|\u{E9}a"), ("\u{301}", "e|\u{301}a"),
  ])
  func stopsAreFoundByTheirCodePoints(stop: String, marked: String) {
    let scalars = marked.unicodeScalars.filter { $0 != "|" }
    let expected = marked.unicodeScalars.prefix { $0 != "|" }
    for cut in 0...scalars.count {
      var text = StoppedText(stops: ["never", stop])
      var written = ""
      for part in [scalars.prefix(cut), scalars.dropFirst(cut)] where !text.isEnded {
        written += text.take(String(String.UnicodeScalarView(part)))
      }
      #expect(text.isEnded && text.rest.isEmpty)
      #expect(written.unicodeScalars.elementsEqual(expected))
    }
  }
}
