import Foundation
import Testing
import Training

/// What is frozen is used as it is: Keras's `trainable = False`.
@Suite struct FreezingTests {
  private func configuration(
    freeze: String, layer: String = "", optimizer: String = #""sgd""#, update: String = ""
  ) -> String {
    """
    {"seed": 2,
     "data": {"train": {"type": "csv", "path": "points.csv",
                        "features": ["x", "y"], "features_field": "point", "label": "side"}},
     "model": {"inputs": {"point": [2]}, "layers": [
       {"type": "dense", "name": "body", "units": 4},
       {"type": "batch_normalization", "name": "bn", "momentum": 0.5\(layer)},
       {"type": "dense", "name": "head", "units": 2}]},
     "training": {"epochs": 2, "batch_size": 16, "freeze": \(freeze)\(update),
       "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
       "optimizer": \(optimizer)}}
    """
  }

  private static let averages = ["bn/moving_mean", "bn/moving_variance"]

  @Test(arguments: [
    ("[\"bn/*\"]", ""), ("[\"*\"]", ""), ("[\"bn/gamma\", \"bn/beta\"]", ""),
    ("[\"bn/gamma\"]", ", \"center\": false"),
    ("[\"bn/moving*\"]", ", \"center\": false, \"scale\": false"),
  ])
  func aFrozenNormalisationUsesItsAverages(freeze: String, layer: String) throws {
    let record = Record()
    let trainer = try makeTrainer(
      configuration(freeze: freeze, layer: layer), in: TemporaryFolder(), observer: record)
    let before = trainer.snapshot
    try trainer.run()
    let after = trainer.snapshot
    for name in before.keys where name.hasPrefix("bn/") { #expect(before[name] == after[name]) }
    #expect((before["body/kernel"] != after["body/kernel"]) == (freeze != "[\"*\"]"))
    // Averages of 0 and 1 with an epsilon are nearly nothing at all.
    let plain = Record()
    let without = configuration(freeze: "[]").replacingOccurrences(
      of: #"{"type": "batch_normalization", "name": "bn", "momentum": 0.5},"#, with: "")
    try makeTrainer(without, in: TemporaryFolder(), observer: plain).run()
    let (loss, expected) = (record.steps[0].losses[0].value, plain.steps[0].losses[0].value)
    #expect(abs(loss - expected) < 1e-3 * expected, "\(loss) \(expected)")
  }

  @Test(arguments: ["[]", "[\"bn/gamma\"]", "[\"body/*\"]", "[\"bn/moving*\"]"])
  func whatIsNotWhollyFrozenMovesItsAverages(freeze: String) throws {
    let trainer = try makeTrainer(configuration(freeze: freeze), in: TemporaryFolder())
    let before = trainer.snapshot
    try trainer.run()
    let after = trainer.snapshot
    for name in Self.averages { #expect(before[name] != after[name], "\(name)") }
  }

  /// A network that only judges has the averages that it came with, by its use or by the stage.
  @Test(arguments: [("", false), (#", "frozen": true"#, true)])
  func aUseOfANetworkMayBeFrozen(frozen: String, stays: Bool) throws {
    let trainer = try makeTrainer(
      """
      {"seed": 2,
       "data": {"train": {"type": "csv", "path": "points.csv",
                          "features": ["x", "y"], "features_field": "point"}},
       "model": {"networks": {
         "maker": {"inputs": {"x": [2]}, "layers": [{"type": "dense", "units": 2}]},
         "judge": {"inputs": {"x": [2]}, "layers": [
           {"type": "batch_normalization", "name": "bn", "momentum": 0.5},
           {"type": "dense", "units": 1}]}}},
       "training": {"epochs": 1, "batch_size": 16, "objectives": [{"name": "o", "layers": [
         {"name": "made", "type": "network", "network": "maker", "inputs": "point"},
         {"name": "a", "type": "network", "network": "judge", "inputs": "made"\(frozen)},
         {"name": "b", "type": "network", "network": "judge", "inputs": "point"\(frozen)},
         {"name": "error", "type": "mean_squared_error", "inputs": ["a", "b"]}],
         "minimize": {"error": 1}, "update": ["maker/*"], "optimizer": "sgd"}]}}
      """, in: TemporaryFolder())
    let before = trainer.snapshot
    try trainer.run()
    let after = trainer.snapshot
    for name in before.keys where name.hasPrefix("judge/bn/moving") {
      #expect((before[name] == after[name]) == stays, "\(name)")
    }
    #expect(before["maker/dense_1/kernel"] != after["maker/dense_1/kernel"])
  }

  /// A judge that an objective does not update sees each batch by itself, as adversarial training wants it.
  @Test func whatAnObjectiveDoesNotUpdateIsNotFrozen() throws {
    let trainer = try makeTrainer(
      configuration(freeze: "[]", update: #", "update": ["body/*", "head/*"]"#),
      in: TemporaryFolder())
    let before = trainer.snapshot
    try trainer.run()
    for name in Self.averages { #expect(before[name] != trainer.snapshot[name], "\(name)") }
  }
}
