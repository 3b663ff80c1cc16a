import Testing

@testable import Training

@Suite struct BLEUTests {
  /// sacreBLEU: scripts/reference/make_text_references.py.
  @Test func scoresAreThoseOfSacreBLEU() throws {
    let corpora = try Reference("bleu.json")["corpora"].elements
    #expect(corpora.count >= 14)
    for corpus in corpora { try check(corpus, references: [try corpus["references"].texts]) }
  }

  @Test func severalReferencesCountAsSacreBLEUCountsThem() throws {
    let corpora = try Reference("bleu.json")["several"].elements
    #expect(corpora.count >= 5)
    for corpus in corpora {
      try check(corpus, references: try corpus["references"].elements.map { try $0.texts })
    }
  }

  private func check(_ corpus: Reference, references: [[String]]) throws {
    let name = try #require(try corpus["name"].json.string)
    let bleu = BLEU(hypotheses: try corpus["hypotheses"].texts, references: references)
    #expect(abs(try bleu.score - corpus["score"].number) < 1e-9, "\(name): \(bleu)")
    let wanted = try corpus["precisions"].numbers
    #expect(zip(bleu.precisions, wanted).allSatisfy { abs($0 - $1) < 1e-9 }, "\(name): \(bleu)")
    #expect(abs(try bleu.brevityPenalty - corpus["brevity_penalty"].number) < 1e-12, "\(name)")
    #expect(Double(bleu.hypothesisLength) == (try corpus["hypothesis_length"].number), "\(name)")
    #expect(Double(bleu.referenceLength) == (try corpus["reference_length"].number), "\(name)")
    // As it is printed, to the digit.
    #expect(try bleu.description == corpus["text"].json.string, "\(name)")
    #expect(try bleu.signature == corpus["signature"].json.string, "\(name)")
  }

  @Test func wordsAreThoseOfSacreBLEU() throws {
    for entry in try Reference("bleu.json")["words"].elements {
      let line = try #require(try entry["line"].json.string)
      let wanted = try entry["words"].texts.map { Array($0.unicodeScalars) }
      #expect(BLEUTokenizer.words(of: line) == wanted, "\(line.debugDescription)")
    }
  }

  @Test func aCorpusOfNothingScoresNothing() {
    #expect(BLEU(hypotheses: [], references: [[]]).score == 0)
  }
}
