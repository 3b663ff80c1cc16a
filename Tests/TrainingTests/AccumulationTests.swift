import Foundation
import Testing
import Training

@Suite struct AccumulationTests {
  private func config(_ more: String) -> String {
    """
    {"seed": 1,
     "data": {"train": {"type": "csv", "path": "points.csv",
                        "features": ["x", "y"], "features_field": "point", "label": "side"}},
     "model": {"inputs": {"point": [2]}, "layers": [
       {"type": "dense", "units": 8, "activation": "tanh"},
       {"type": "dense", "name": "head", "units": 2}]},
     "training": {"epochs": 3, "batch_size": 24,
       "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
       "optimizer": {"type": "sgd", "learning_rate": 0.5}\(more)}}
    """
  }

  /// 70 rows: the last batch of an epoch has 22, which the parts do not divide evenly.
  @Test func partsOfABatchGiveTheGradientsOfTheWhole() throws {
    let whole = try makeTrainer(config(""), in: TemporaryFolder(), rows: 70)
    let parts = try makeTrainer(
      config(", \"gradient_accumulation\": 3"), in: TemporaryFolder(), rows: 70)
    try whole.run()
    try parts.run()
    for (name, values) in whole.snapshot {
      let others = try #require(parts.snapshot[name])
      for (one, other) in zip(values, others) { #expect(abs(one - other) < 1e-5, "\(name)") }
    }
  }

  /// Rows of 1 to 6 tokens, padded with 0, in an order that gives parts of a batch different numbers of tokens; a loss
  /// over the steps beside one over the rows.
  @Test func partsOfAPaddedBatchGiveTheGradientsOfTheWhole() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<70).map { row in
      let steps = 1 + row / 4 % 6
      let tokens = (0..<6).map { $0 < steps ? 1 + (row * 7 + $0 * 3) % 4 : 0 }
      return (tokens + [row % 2]).map(String.init).joined(separator: ",")
    }
    try folder.write("tokens.csv", (["a,b,c,d,e,f,kind"] + lines).joined(separator: "\n") + "\n")
    func run(_ more: String) throws -> (snapshot: [String: [Float]], losses: [[Double]]) {
      let record = Record()
      let trainer = try makeTrainer(
        """
        {"seed": 1,
         "data": {"train": {"type": "csv", "path": "tokens.csv",
           "features": ["a", "b", "c", "d", "e", "f"], "features_field": "tokens",
           "label": "kind"}},
         "model": {"inputs": {"tokens": [6]}, "layers": [
           {"name": "words", "type": "embedding", "input_dim": 5, "output_dim": 8,
            "mask_zero": true},
           {"name": "states", "type": "lstm", "units": 6, "return_sequences": true},
           {"name": "next", "type": "dense", "units": 5},
           {"name": "mean", "type": "global_average_pooling1d", "inputs": ["states"]},
           {"name": "kind", "type": "dense", "units": 2}]},
         "training": {"epochs": 3, "batch_size": 24\(more), "objectives": [{"name": "both",
           "layers": [
             {"name": "run", "type": "network", "network": "model", "inputs": ["tokens"]},
             {"name": "steps", "type": "softmax_cross_entropy", "inputs": ["run/next", "tokens"]},
             {"name": "rows", "type": "softmax_cross_entropy", "inputs": ["run/kind", "label"]}],
           "minimize": {"steps": 1, "rows": 0.5},
           "optimizer": {"type": "sgd", "learning_rate": 0.5}}]}}
        """, in: folder, observer: record)
      try trainer.run()
      return (trainer.snapshot, record.steps.map { $0.losses.map(\.value) })
    }
    let (whole, parts) = (try run(""), try run(", \"gradient_accumulation\": 3"))
    for (name, values) in whole.snapshot {
      let others = try #require(parts.snapshot[name])
      for (one, other) in zip(values, others) { #expect(abs(one - other) < 1e-5, "\(name)") }
    }
    for (one, other) in zip(whole.losses.joined(), parts.losses.joined()) {
      #expect(abs(one - other) < 1e-5)
    }
  }

  /// A batch has as many parts as there are rows, however many it could have.
  @Test func moreRowsAndPartsThanThereAreAreThoseThatThereAre() throws {
    let plain = try makeTrainer(
      config(", \"gradient_accumulation\": 64").replacingOccurrences(
        of: "\"batch_size\": 24", with: "\"batch_size\": 64"), in: TemporaryFolder(), rows: 64)
    let huge = try makeTrainer(
      config(", \"gradient_accumulation\": 9007199254740992").replacingOccurrences(
        of: "\"batch_size\": 24", with: "\"batch_size\": 9007199254740992"), in: TemporaryFolder(),
      rows: 64)
    try plain.run()
    try huge.run()
    #expect(plain.snapshot == huge.snapshot)
  }

  @Test func aBatchMustDivideIntoItsParts() {
    #expect(throws: (any Error).self) {
      try makeTrainer(config(", \"gradient_accumulation\": 5"), in: TemporaryFolder())
    }
  }

  @Test func theMovingAverageIsWhatIsEvaluated() throws {
    let record = Record()
    let text = config(", \"moving_average\": 0.9").replacingOccurrences(
      of: "\"label\": \"side\"}}",
      with:
        "\"label\": \"side\"}, \"validation\": {\"type\": \"csv\", \"path\": \"points.csv\", \"features\": [\"x\", \"y\"], \"features_field\": \"point\", \"label\": \"side\"}}"
    )
    let trainer = try makeTrainer(text, in: TemporaryFolder(), observer: record)
    try trainer.run()
    let plain = Record()
    let other = try makeTrainer(
      text.replacingOccurrences(of: ", \"moving_average\": 0.9", with: ""), in: TemporaryFolder(),
      observer: plain)
    try other.run()
    // Training is the same; what was evaluated is not.
    #expect(trainer.snapshot == other.snapshot)
    #expect(record.evaluations.count == 3)
    #expect(
      record.evaluations.map { $0.results[0].value }
        != plain.evaluations.map { $0.results[0].value })
  }
}
