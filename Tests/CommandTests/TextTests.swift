import Foundation
import Testing

/// Text: generate goes on from it and answers it, predict says of which class it is.
@Suite struct TextTests {
  /// A GPT of letters that learns a text by heart which goes round in a circle.
  static let letters = """
    {"name": "letters", "seed": 2,
     "data": {"train": {"type": "text", "path": "text.txt", "length": 12, "stride": 1}},
     "model": {"inputs": {"tokens": [12]}, "layers": [
       {"type": "embedding", "input_dim": 6, "output_dim": 16}, "position_embedding",
       {"type": "transformer_encoder", "num_heads": 2, "intermediate_dim": 32, "use_causal_mask": true, "normalize_first": true},
       {"type": "dense", "name": "logits", "units": 6}]},
     "training": {"epochs": 20, "batch_size": 8,
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"},
       "optimizer": {"type": "adam", "learning_rate": 0.01}}}
    """

  @Test("A model of letters goes on from a prompt, further than its context") func continuing()
    throws
  {
    let circle = String(repeating: "abcdef", count: 20)
    let folder = try TinyRuns.trained(Self.letters, ["text.txt": circle])
    func generate(_ arguments: [String]) throws -> String {
      try TinyRuns.run(["generate", "run"] + arguments, in: folder)
    }
    let best = ["--prompt", "abcd", "--temperature", "0"]
    #expect(try generate(best + ["--tokens", "40"]) == circle.dropFirst(4).prefix(40) + "\n")
    #expect(try generate(best + ["--stop", "fa"]) == "e\n")
    #expect(try generate(["--prompt", "ab", "--beams", "3", "--tokens", "7"]) == "cdefabc\n")
    // Prompts that fill the context of 12, and longer ones; texts that go beyond it.
    for length in [1, 11, 12, 13, 30] {
      let prompt = ["--prompt", String(circle.prefix(length)), "--tokens", "40"]
      let rest = circle.dropFirst(length).prefix(40) + "\n"
      for way in [["--temperature", "0"], ["--top-k", "1"], ["--beams", "1"], ["--beams", "3"]] {
        #expect(try generate(prompt + way) == rest, "\(length) \(way)")
      }
    }
    let drawn = ["--prompt", "a", "--tokens", "60", "--temperature", "5"]
    #expect(try generate(drawn + ["--seed", "4"]) == generate(drawn + ["--seed", "4"]))
    #expect(try generate(drawn + ["--seed", "4"]) != generate(drawn + ["--seed", "5"]))
    #expect(
      try generate(drawn + ["--top-k", "1"])
        == generate(["--prompt", "a", "--tokens", "60", "--temperature", "0"]))
    #expect(
      try generate(drawn + ["--top-p", "0.000001"])
        == generate(["--prompt", "a", "--tokens", "60", "--temperature", "0"]))
    for (others, told) in [
      (["--count", "3", "--labels-output", "l.idx"], "--count, --labels-output ask for rows"),
      (["--output", "a.npy"], "--prompt begins a text"),
    ] {
      let result = try Dlcli.run(["generate", "run"] + best + others, in: folder.url)
      #expect(result.status == 64 && result.stderr.contains(told), "\(result.stderr)")
    }
    let wrong = try Dlcli.run(["generate", "run", "--prompt", "xyz"], in: folder.url)
    #expect(wrong.status == 78 && wrong.stderr.contains("\"x\""), "\(wrong.stderr)")
  }

  @Test("Scores beyond the vocabulary, as in models whose vocabulary is rounded up, are no tokens")
  func widerModels() throws {
    let circle = String(repeating: "abcdef", count: 20)
    let wider = Self.letters.replacingOccurrences(of: "\"units\": 6", with: "\"units\": 64")
      .replacingOccurrences(of: "\"epochs\": 20", with: "\"epochs\": 1")
    let folder = try TinyRuns.trained(wider, ["text.txt": circle])
    for more in [["--temperature", "1000"], ["--temperature", "0"], ["--beams", "5"]] {
      let text = try TinyRuns.run(
        ["generate", "run", "--prompt", "ab", "--tokens", "60"] + more, in: folder)
      #expect(text.count > 10 && text.dropLast().allSatisfy("abcdef".contains), "\(text)")
    }
  }

  @Test("Stops end a text wherever characters of several code points do") func stops() throws {
    let config = Self.letters.replacingOccurrences(of: "\"length\": 12", with: "\"length\": 10")
      .replacingOccurrences(of: "[12]", with: "[10]")
      .replacingOccurrences(of: "\"input_dim\": 6", with: "\"input_dim\": 9")
      .replacingOccurrences(of: "\"units\": 6", with: "\"units\": 9")
    // Nine code points: a, b, CR, LF, a Hindi syllable of two, and two signs that a joiner makes one.
    let circle = "ab\r\n\u{915}\u{93F}\u{1F469}\u{200D}\u{1F4BB}"
    let folder = try TinyRuns.trained(config, ["text.txt": String(repeating: circle, count: 20)])
    for (stop, expected) in [
      ("\r\n", "b"), ("\n", "b\r"), ("\u{915}\u{93F}", "b\r\n"), ("\u{93F}", "b\r\n\u{915}"),
      ("\u{1F469}\u{200D}\u{1F4BB}", "b\r\n\u{915}\u{93F}"),
      ("\u{1F4BB}", "b\r\n\u{915}\u{93F}\u{1F469}\u{200D}"),
    ] {
      let text = try TinyRuns.run(
        ["generate", "run", "--prompt", "a", "--temperature", "0", "--stop", stop], in: folder)
      #expect(Array(text.unicodeScalars) == Array((expected + "\n").unicodeScalars))
    }
  }

  @Test("dlbench tells what writing takes, and what it would take without a memory") func timing()
    throws
  {
    let config = """
      {"name": "letters", "seed": 2,
       "data": {"train": {"type": "text", "path": "text.txt", "length": 12}},
       "model": {"inputs": {"tokens": [12]}, "layers": [
         {"type": "embedding", "input_dim": 6, "output_dim": 4},
         {"type": "gru", "units": 8, "return_sequences": true, "stateful": true},
         {"type": "dense", "name": "logits", "units": 6}]},
       "training": {"epochs": 1, "batch_size": 2,
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"},
         "optimizer": {"type": "adam"}}}
      """
    let folder = try TinyRuns.trained(config, ["text.txt": String(repeating: "abcdef", count: 20)])
    let result = try Dlcli.run(
      Dlcli.binary("dlbench"), [folder.path("run"), "--generate", "40", "--threads", "1"])
    #expect(result.status == 0, "\(result.stderr)")
    struct Line: Decodable {
      let workload: String
      let tokens: Int
      let generationS: Double
      let beginningsS: Double
      let ratio: Double
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let line = try decoder.decode(Line.self, from: Data(result.stdout.utf8))
    #expect(line.workload == "letters" && line.tokens == 40)
    #expect(line.generationS > 0 && line.beginningsS > 0)
    #expect(abs(line.ratio - line.beginningsS / line.generationS) < 1e-9 * line.ratio)
  }

  @Test("An answer ends with the context, whichever way its tokens are chosen") func longAnswers()
    throws
  {
    // Never trained, so that nothing makes it end before.
    let folder = try TinyRuns.trained(
      """
      {"name": "translator", "seed": 1,
       "data": {"train": {"type": "table", "path": "pairs.tsv", "format": "tsv", "header": false, "texts": {
         "source": {"column": 0, "length": 5},
         "target": {"column": 1, "length": 4, "next_field": "target_next"}}}},
       "model": {"inputs": {"source": [5], "target": [4]}, "layers": [
         {"type": "embedding", "name": "read", "inputs": ["source"],
          "input_dim": 9, "output_dim": 8, "mask_zero": true},
         {"type": "sinusoidal_position_encoding"},
         {"type": "transformer_encoder", "name": "encoder", "num_heads": 2, "intermediate_dim": 16},
         {"type": "embedding", "inputs": ["target"], "input_dim": 14, "output_dim": 8, "mask_zero": true},
         {"type": "sinusoidal_position_encoding", "name": "written"},
         {"type": "transformer_decoder", "inputs": ["written", "encoder"], "num_heads": 2, "intermediate_dim": 16},
         {"type": "dense", "name": "logits", "units": 14}]},
       "training": {"steps": 0, "batch_size": 2,
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "target_next"},
         "optimizer": "sgd"}}
      """, ["pairs.tsv": "one two three\ta b c d e\nfour five six\tf g h i j\n"])
    let ways =
      [["--temperature", "0"], ["--beams", "1"], ["--beams", "4"]]
      + (1...20).map { ["--temperature", "1000", "--seed", "\($0)"] }
    // A text to answer may be longer than its field.
    for prompt in ["one two", "one two three four five six one two three"] {
      let lengths = try ways.map { way in
        try TinyRuns.run(
          ["generate", "run", "--prompt", prompt, "--tokens", "50"] + way, in: folder
        )
        .split(whereSeparator: \.isWhitespace).count
      }
      #expect(lengths.allSatisfy { $0 <= 4 } && lengths.contains(4), "\(lengths)")
    }
  }

  @Test("A text to answer that is too long is cut as in training") func longQuestions() throws {
    let folder = try TinyRuns.trained(
      Self.translator(source: #"{"column": 0, "length": 4, "keep_end": true}"#, steps: 4),
      ["pairs.tsv": Self.pairs.map { "\($0)\t\($1)\n" }.joined()])
    for (way, pair) in zip([["--beams", "3"], ["--temperature", "0"]], Self.pairs) {
      let prompt = ["--prompt", "runs sleeps away two the " + pair.0]
      let short = ["--prompt", "the " + pair.0]
      #expect(
        try TinyRuns.run(["generate", "run"] + prompt + way, in: folder)
          == TinyRuns.run(["generate", "run"] + short + way, in: folder))
      #expect(
        try TinyRuns.run(["generate", "run", "--prompt", pair.0] + way, in: folder) == pair.1 + "\n"
      )
    }
  }

  private static let pairs = [
    ("a dog runs", "ein hund rennt"), ("a cat sleeps", "eine katze schläft"),
    ("the dog sleeps", "der hund schläft"), ("the cat runs", "die katze rennt"),
    ("two dogs run away", "zwei hunde rennen weg"), ("a man reads", "ein mann liest"),
  ]

  /// A translator that learns its pairs by heart.
  private static func translator(source: String, steps: Int) -> String {
    """
    {"name": "translator", "seed": 1,
     "data": {"train": {"type": "table", "path": "pairs.tsv", "format": "tsv", "header": false, "texts": {
       "source": \(source),
       "target": {"column": 1, "length": 6, "next_field": "target_next"}}}},
     "model": {"inputs": {"source": [\(steps)], "target": [6]}, "layers": [
       {"type": "embedding", "name": "read", "inputs": ["source"],
        "input_dim": 14, "output_dim": 16, "mask_zero": true},
       {"type": "lstm", "name": "encoder", "units": 24, "return_state": true},
       {"type": "embedding", "name": "written", "inputs": ["target"],
        "input_dim": 18, "output_dim": 16, "mask_zero": true},
       {"type": "lstm", "inputs": ["written", "encoder:1", "encoder:2"], "units": 24, "return_sequences": true},
       {"type": "dense", "name": "logits", "units": 18}]},
     "training": {"epochs": 150, "batch_size": 6,
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "target_next"},
       "metrics": ["accuracy"],
       "optimizer": {"type": "adam", "learning_rate": 0.02}}}
    """
  }

  @Test("A translator answers a line with a line") func answering() throws {
    let pairs = Self.pairs
    let folder = try TinyRuns.trained(
      Self.translator(source: #"{"column": 0, "length": 5}"#, steps: 5),
      ["pairs.tsv": pairs.map { "\($0)\t\($1)\n" }.joined()])
    for arguments in [["--beams", "3"], ["--temperature", "0"]] {
      let answers = try pairs.map {
        try TinyRuns.run(["generate", "run", "--prompt", $0.0] + arguments, in: folder)
      }
      #expect(answers == pairs.map { $0.1 + "\n" })
    }
    let evaluated = try TinyRuns.run(["eval", "run"], in: folder)
    #expect(evaluated.contains(/accuracy +1(\.0)?\n/), "\(evaluated)")
  }

  @Test("A classifier of texts takes them a line each, or as JSON lines") func predicting() throws {
    let rows = (0..<40).map { $0 % 2 == 0 ? "0\tbad film\n" : "1\ta good film\n" }
    let folder = try TinyRuns.trained(
      """
      {"name": "reviews", "seed": 1,
       "data": {"train": {"type": "table", "path": "rows.tsv", "format": "tsv", "header": false,
         "texts": {"review": {"column": 1, "length": 4}}, "classes": {"label": {"column": 0}}}},
       "model": {"inputs": {"review": [4]}, "layers": [
         {"type": "embedding", "input_dim": 6, "output_dim": 8, "mask_zero": true},
         {"type": "bidirectional", "layer": {"type": "gru", "units": 6}},
         {"type": "dense", "name": "logits", "units": 2}]},
       "training": {"epochs": 10, "batch_size": 8,
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"},
         "optimizer": {"type": "adam", "learning_rate": 0.02}}}
      """, ["rows.tsv": rows.joined()])
    try folder.write("texts.txt", "good\nbad bad\n")
    try folder.write(
      "texts.jsonl", "{\"review\": \"good\"}\n{\"review\": \"bad bad\"}\n")
    for file in ["texts.txt", "texts.jsonl"] {
      let found = try TinyRuns.objects(
        TinyRuns.run(["predict", "run", "--input", file], in: folder))
      #expect(found.map { $0["class"] as? Int } == [1, 0])
    }
  }
}
