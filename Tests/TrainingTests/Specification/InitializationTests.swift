import Settings
import Testing
import Training

@Suite struct InitializationTests {
  /// What a checkpoint carries means the same file from any folder, also where a stage says it.
  @Test func theDocumentHasAbsolutePaths() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "config.json",
      """
      {"model": {"inputs": {"x": [2]}, "layers": [{"type": "dense", "units": 1}]},
       "training": {"batch_size": 1, "optimizer": "adam",
         "loss": {"type": "mean_squared_error", "target": "y"},
         "initialize": {"checkpoint": "all.safetensors"},
         "stages": [{"initialize": {"checkpoint": "../one.safetensors", "parameters": ["dense*"]}},
                    {"initialize": {"checkpoint": "/elsewhere/two.safetensors"}}, {}]}}
      """)
    let training = try #require(
      try Experiment.load(path, environment: [:]).document["training"])
    func checkpoint(_ json: JSON?) -> String? { json?["initialize"]?["checkpoint"]?.string }
    #expect(checkpoint(training) == folder.path + "/all.safetensors")
    let stages = try #require(training["stages"]?.elements)
    #expect(checkpoint(stages[0]) == folder.path + "/../one.safetensors")
    #expect(stages[0]["initialize"]?["parameters"] == ["dense*"])
    #expect(checkpoint(stages[1]) == "/elsewhere/two.safetensors")
    #expect(stages[2] == [:])
  }

  /// Words that have a vector begin with it and, frozen, keep it; the others begin as they would without.
  @Test(arguments: [
    "film 1 2 3\nunheard 9 9 9\ngood -1 0.5 2e-1\nfilm 7 7 7\nhop la 4 5 6\n",
    "3 3\nfilm 1 2 3 \r\ngood -1 0.5 0.2\nother 0 0 0\n",
  ])
  func wordsBeginWithTheirVectors(file: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("vectors.txt", file)
    let record = Record()
    let (words, begun) = try run(
      #", "initialize": {"vectors": "vectors.txt", "parameters": ["table/embeddings"]}"#, folder,
      record)
    let (_, plain) = try run("", folder, Record())
    #expect(
      record.notes == ["vectors of 2 of the \(words.count) words of \"words\" from vectors.txt"])
    for (number, word) in words.enumerated() {
      let row = Array(begun[number * 3..<number * 3 + 3])
      switch word {
      case "film": #expect(row == [1, 2, 3])
      case "good": #expect(row == [-1, 0.5, 0.2])
      default: #expect(row == Array(plain[number * 3..<number * 3 + 3]))
      }
    }
  }

  @Test func aCountThatIsOffByOneIsNoted() throws {
    let folder = try TemporaryFolder()
    try folder.write("vectors.txt", "\u{FEFF}3 3\nfilm 1 2 3\ngood 0 0 1\n")
    let record = Record()
    let (words, _) = try run(
      #", "initialize": {"vectors": "vectors.txt", "parameters": ["table/embeddings"]}"#, folder,
      record)
    #expect(
      record.notes == [
        "vectors.txt: the first line promises 3 words, the file has 2",
        "vectors of 2 of the \(words.count) words of \"words\" from vectors.txt",
      ])
  }

  /// A vector of the same code points is taken before that of another spelling, wherever they stand.
  @Test(arguments: [
    ("caf\u{E9} 1 2 3\ncafe\u{301} 7 8 9\n", [1, 2, 3]), ("cafe\u{301} 7 8 9\n", [7, 8, 9]),
    ("cafe\u{301} 7 8 9\ncaf\u{E9} 1 2 3\ncafe\u{301} 4 5 6\n", [1, 2, 3]),
  ])
  func spellingsOfAWordAreTold(file: String, vector: [Float]) throws {
    let folder = try TemporaryFolder()
    try folder.write("vectors.txt", file)
    let (words, table) = try run(
      #", "initialize": {"vectors": "vectors.txt", "parameters": ["table/embeddings"]}"#, folder,
      Record(), reviews: "caf\u{E9} film\t1\nbad film\t0\n")
    let number = try #require(words.firstIndex(of: "caf\u{E9}"))
    #expect(Array(table[number * 3..<number * 3 + 3]) == vector)
  }

  private func run(
    _ more: String, _ folder: TemporaryFolder, _ record: Record,
    reviews: String = "good film\t1\nbad film\t0\na good plot\t1\nno plot\t0\n"
  ) throws -> (words: [String], table: [Float]) {
    try folder.write("reviews.tsv", reviews)
    let path = try folder.write(
      "config.json",
      """
      {"seed": 3, "data": {"train": {"type": "table", "path": "reviews.tsv", "header": false,
         "texts": {"words": {"column": 0, "length": 3, "tokenizer": {"type": "words"}}},
         "classes": {"label": {"column": 1, "classes": ["0", "1"]}}}},
       "model": {"inputs": {"words": [3]}, "layers": [
         {"type": "embedding", "name": "table", "input_dim": 20, "output_dim": 3},
         "flatten", {"type": "dense", "name": "logits", "units": 2}]},
       "training": {"batch_size": 2, "optimizer": "adam", "freeze": ["table/*"],
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}
         \(more)}}
      """)
    let experiment = try Experiment.load(path, environment: [:])
    let data = try #require(experiment.data).open(seed: experiment.seed)
    let trainer = try Trainer(experiment, data: data, folder: nil, threads: 1, observer: record)
    try trainer.run()
    return (
      try #require(data.fitted.tokenizers["words"]?.vocabulary),
      try #require(trainer.snapshot["table/embeddings"])
    )
  }

  /// A file of vectors that are none says in which line, a setting that does not fit says so before anything is read.
  @Test(arguments: [
    (#""vectors": "vectors.txt", "parameters": ["table/*"]"#, "film 1 2\n", ":1: expected a word"),
    (#""vectors": "vectors.txt", "parameters": ["table/*"]"#, "2 5\n", ":1: expected vectors of 3"),
    (
      #""vectors": "vectors.txt", "parameters": ["table/*"]"#, "a 1 2 3\nfilm 1 x 3\n",
      ":2: expected a number"
    ),
    (#""vectors": "vectors.txt", "parameters": ["table/*"]"#, "4 3\nfilm 1 2 3\n", "promises 4"),
    (#""vectors": "vectors.txt", "parameters": ["table/*"]"#, "Film 1 2 3\n", "none of the"),
    (#""vectors": "vectors.txt", "parameters": ["logits/bias"]"#, "", "no table of vectors"),
    (
      #""vectors": "vectors.txt", "vocabulary": "wods", "parameters": ["table/*"]"#, "",
      "no field of tokens \"wods\""
    ),
    (#""vectors": "vectors.txt""#, "", "needs \"parameters\""),
    (#""parameters": ["table/*"]"#, "", "is needed"),
  ])
  func whatIsNoVectorIsReported(setting: String, file: String, message: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("vectors.txt", file)
    let error = #expect(throws: (any Error).self) {
      try run(", \"initialize\": {\(setting)}", folder, Record())
    }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(message), "\(text)")
  }
}
