import Testing
import Training

@Suite struct EarlyStoppingTests {
  /// A model that does not learn, whose first validation stays the best: Keras stops `patience` epochs later, and for a
  /// patience of 0 as for 1.
  @Test(arguments: [(0, 2), (1, 2), (2, 3), (4, 5)])
  func stopsAtAsManyValidationsAsItsPatience(_ patience: Int, _ epochs: Int) throws {
    let record = Record()
    let trainer = try makeTrainer(
      """
      {"data": {
         "train": {"type": "csv", "path": "points.csv",
                   "features": ["x", "y"], "features_field": "point", "label": "side"},
         "validation": {"type": "csv", "path": "points.csv",
                        "features": ["x", "y"], "features_field": "point", "label": "side"}},
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "head", "units": 2}]},
       "training": {"epochs": 9, "batch_size": 64, "early_stopping": {"patience": \(patience)},
         "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
         "optimizer": {"type": "sgd", "learning_rate": 0}}}
      """, in: TemporaryFolder(), observer: record)
    try trainer.run()
    #expect(record.evaluations.count == epochs)
  }
}
