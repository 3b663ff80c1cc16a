import Testing

@testable import Training

/// Texts and tables on narrow terminals.
@Suite struct WrappedTextTests {
  @Test(arguments: [
    ("one two three", 7, "one two\n  three"), ("one two three", 80, "one two three"),
    ("    one two three", 12, "    one two\n      three"), ("", 10, ""),
    ("a\n\nb\n", 1, "a\n\nb\n"),
    // What has no gap stays whole, and numbers of spaces between words that stay are kept.
    ("incomprehensibilities", 5, "incomprehensibilities"),
    ("a incomprehensibilities b", 5, "a\n  incomprehensibilities\n  b"),
    ("name   what it is for", 12, "name   what\n  it is for"), ("one two   ", 7, "one two"),
  ])
  func linesAreBrokenBetweenWords(text: String, width: Int, expected: String) {
    #expect(WrappedText.text(text, width: width) == expected)
    #expect(WrappedText.text(text, width: nil) == text)
  }

  @Test(arguments: [1, 3, 10, 40, 60]) func nothingIsLostOnAnyTerminal(width: Int) {
    let text = Manual.all.flatMap(\.pages).map(\.text).joined(separator: "\n")
    let words = text.split(whereSeparator: \.isWhitespace)
    let wrapped = WrappedText.text(text, width: width)
    #expect(wrapped.split(whereSeparator: \.isWhitespace) == words)
    for line in wrapped.split(separator: "\n") where line.mostColumns > width {
      #expect(line.split(separator: " ").count == 1, "\(line)")
    }
  }

  @Test func piecesFitAndMakeTheWhole() {
    for text in [
      "encoder_conv2d_1 (spectral_normalization)", "a b c d", "\u{30ED}\u{30B9}\u{30ED}",
    ] {
      for width in 2...20 {
        let pieces = WrappedText.pieces(text, width: width)
        #expect(pieces.allSatisfy { $0.mostColumns <= width })
        #expect(pieces.joined().filter { $0 != " " } == text.filter { $0 != " " })
      }
    }
  }

  @Test func columnsThatDoNotFitStandBelow() {
    let table = TextTable(
      title: "counts", columns: ["", "cat", "dog", "bird"],
      rows: [["cat", "10", "2", "3"], ["dog", "4", "50", "6"]])
    #expect(table.text(width: 80) == table.description)
    #expect(
      table.text(width: 13) == """
        counts
             cat  dog
        cat   10    2
        dog    4   50

             bird
        cat     3
        dog     6
        """)
    // Each column stands somewhere, however narrow the terminal.
    #expect(table.text(width: 1).split(separator: "\n").count == 10)
  }
}
