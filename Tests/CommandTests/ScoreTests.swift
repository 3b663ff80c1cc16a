import Foundation
import Testing

/// `dlcli score`: texts against references.
@Suite struct ScoreTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("answers.txt", "the cat sat on mat\n\n")
    try folder.write("references.txt", "the cat sat on the mat\n\n")
  }

  private func score(_ arguments: String...) throws -> Dlcli.Result {
    try Dlcli.run(["score"] + arguments, in: folder.url)
  }

  @Test("BLEU is printed as sacreBLEU prints it") func bleu() throws {
    let result = try score("answers.txt", "--references", "references.txt")
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
    #expect(
      result.stdout.contains(
        "bleu    57.89  100.0/75.0/66.7/50.0 (BP = 0.819 ratio = 0.833 hyp_len = 5 ref_len = 6)\n"),
      "\(result.stdout)")
    #expect(result.stdout.contains("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp\n"))
    #expect(result.stdout.contains("of 2 lines"))
  }

  @Test("Several metrics, as a table and as JSON") func metrics() throws {
    let arguments = ["answers.txt", "--references", "references.txt", "--metric", "cer"]
    let table = try Dlcli.run(
      ["score"] + arguments + ["--metric", "wer", "--metric", "bleu"], in: folder.url)
    #expect(table.stdout.contains("wer     0.1667  edits = 1 words = 6\n"), "\(table.stdout)")
    #expect(table.stdout.contains("cer     0.1818  edits = 4 characters = 22\n"))
    let json = try Dlcli.run(["score"] + arguments + ["--json"], in: folder.url)
    #expect(
      json.stdout
        == """
        {
          "lines": 2,
          "cer": 0.18181818181818182,
          "cer/edits": 4,
          "cer/characters": 22
        }

        """)
    let bleu = try score("answers.txt", "--references", "references.txt", "--json")
    for key in ["bleu", "bleu/precisions", "bleu/brevity_penalty", "bleu/signature"] {
      #expect(bleu.stdout.contains("\"\(key)\": "))
    }
  }

  @Test("A line may have several references, and files may be gzipped or come through a pipe")
  func severalReferences() throws {
    try folder.write("more.txt", "the cat sat on mat\n\n")
    let packed = try Dlcli.run(
      URL(fileURLWithPath: "/bin/bash"),
      [
        "-c",
        "gzip -k more.txt && \"$DLCLI\" score - --references references.txt --references more.txt.gz < answers.txt",
      ], environment: ["DLCLI": try Dlcli.binary().path], in: folder.url)
    #expect(packed.status == 0, "\(packed.stderr)")
    #expect(packed.stdout.contains("bleu    100.00"), "\(packed.stdout)")
    #expect(packed.stdout.contains("nrefs:2|"))
  }

  @Test("--fail-under decides between 0 and 1, and knows which way is better") func failUnder()
    throws
  {
    for (least, status) in [
      ("bleu=57.8", Int32(0)), ("bleu=60", 1), ("wer=0.2", 0), ("wer=0.1", 1),
    ] {
      let result = try Dlcli.run(
        [
          "score", "answers.txt", "--references", "references.txt", "--metric", "bleu", "--metric",
          "wer", "--fail-under", least,
        ], in: folder.url)
      #expect(result.status == status, "\(least): \(result.stderr)")
    }
    let absent = try score(
      "answers.txt", "--references", "references.txt", "--fail-under", "wer=0.2")
    #expect(absent.status == 64 && absent.stderr.contains("no result is called \"wer\""))
  }

  @Test("What is wrong is said") func mistakes() throws {
    try folder.write("short.txt", "one\n")
    let short = try score("short.txt", "--references", "references.txt")
    #expect(short.status == 65)
    #expect(
      short.stderr.contains("short.txt: expected 2 lines, as many as references.txt has, got 1"))
    try folder.write("bytes.txt", [0x61, 0x0A, 0xFF, 0x0A])
    let bytes = try score("answers.txt", "--references", "bytes.txt")
    #expect(bytes.status == 65 && bytes.stderr.contains("bytes.txt:2: expected text in UTF-8"))
    try folder.write("empty.txt", "")
    let empty = try score("empty.txt", "--references", "empty.txt")
    #expect(empty.status == 65 && empty.stderr.contains("expected lines, got none"))
    #expect(try score("none.txt", "--references", "references.txt").status == 66)
    #expect(try score("answers.txt").status == 64)
    #expect(try score("-", "--references", "-").status == 64)
    #expect(
      try score("answers.txt", "--references", "references.txt", "--metric", "rouge").status == 64)
    #expect(
      try score(
        "answers.txt", "--references", "short.txt", "--references", "short.txt", "--metric", "wer"
      ).status == 64)
  }
}
