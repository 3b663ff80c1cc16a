import Foundation
import Testing

/// `dlcli tokenize`: tokenizers in shell scripts.
@Suite struct TokenizeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("text.txt", "the cat sat on the mat, the other cat sat too\n")
  }

  /// Runs a command line of the shell, in which `dlcli` is the program.
  private func shell(_ line: String) throws -> Dlcli.Result {
    try Dlcli.run(
      URL(fileURLWithPath: "/bin/bash"),
      ["-c", "dlcli() { \"$DLCLI\" \"$@\"; }; set -o pipefail; \(line)"],
      environment: ["DLCLI": try Dlcli.binary().path], in: folder.url)
  }

  @Test("Byte pairs are learnt from files, and turn text into tokens and back") func bytePairs()
    throws
  {
    let trained = try shell(
      "dlcli tokenize train --text text.txt --vocabulary-size 270 --special '<pad>' --output t.json"
    )
    #expect(trained.status == 0)
    #expect(trained.stderr == "t.json: 266 tokens\n")
    let encoded = try shell("printf 'the cat\\n\\nnaïve\\n' | dlcli tokenize encode t.json")
    #expect(encoded.status == 0, "\(encoded.stderr)")
    let lines = encoded.stdout.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasSuffix(#""pieces": ["the", "Ġcat"]}"#), "\(lines[0])")
    #expect(lines[1] == #"{"tokens": [], "pieces": []}"#)
    let decoded = try shell(
      "printf 'the cat\\n\\nnaïve\\n' | dlcli tokenize encode t.json | dlcli tokenize decode t.json"
    )
    #expect(
      decoded.stdout == "{\"text\": \"the cat\"}\n{\"text\": \"\"}\n{\"text\": \"naïve\"}\n")
    #expect(try shell("echo '[0]' | dlcli tokenize decode t.json").stdout == "{\"text\": \"\"}\n")
    // A byte order mark is no part of a text, in files and on standard input.
    let marked = try shell(
      "(printf '\\xef\\xbb\\xbf'; cat text.txt) > marked.txt; "
        + "dlcli tokenize train --text marked.txt --vocabulary-size 270 --special '<pad>' "
        + "--output marked.json && cmp t.json marked.json && "
        + "printf '\\xef\\xbb\\xbfthe cat\\n' | dlcli tokenize encode t.json")
    #expect(marked.stdout == lines[0] + "\n", "\(marked.stderr)")
  }

  @Test("The tokenizer of a configuration is learnt from its training data") func configuration()
    throws
  {
    try folder.write(
      "config.json",
      #"""
      {"data": {"train": {"type": "table", "path": "text.txt",
        "texts": {"words": {"length": 4}, "letters": {"length": 4, "column": 0, "tokenizer": "characters"}}}}}
      """#)
    let several = try shell("dlcli tokenize train config.json --output t.json")
    #expect(several.status != 0)
    #expect(several.stderr.contains("several tokenizers, of the fields \"letters\", \"words\""))
    let trained = try shell("dlcli tokenize train config.json --field words --output t.json")
    #expect(trained.status == 0, "\(trained.stderr)")
    let encoded = try shell("echo 'The dog' | dlcli tokenize encode t.json")
    #expect(encoded.stdout.hasSuffix("\"pieces\": [\"the\", \"<unk>\"]}\n"))
  }

  @Test("What is wrong is said")
  func mistakes() throws {
    #expect(try shell("dlcli tokenize train --output t.json").status == 64)
    #expect(
      try shell("dlcli tokenize train --text text.txt --vocabulary-size 9 --output t.json").status
        == 64)
    let missing = try shell("dlcli tokenize train --text none.txt --output t.json")
    #expect(missing.status == 66 && missing.stderr.contains("none.txt"))
    #expect(try shell("dlcli tokenize train --text text.txt --output t.json").status == 0)
    let number = try shell("printf '[1]\\n[9999]\\n' | dlcli tokenize decode t.json")
    #expect(number.status == 65)
    #expect(number.stderr.contains("standard input:2: expected numbers of tokens from 0 to"))
    #expect(try shell("echo 'no list' | dlcli tokenize decode t.json").status == 65)
  }
}
