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
