import Foundation
import Settings
import Testing
import Training

@Suite struct ObjectiveTests {
  /// Two networks against each other on points of a circle: a generator and a discriminator.
  static let adversarial = """
    {"seed": 3,
     "data": {"train": {"type": "csv", "path": "points.csv",
                        "features": ["x", "y"], "features_field": "point"}},
     "model": {"networks": {
       "generator": {"inputs": {"noise": [2]}, "layers": [
         {"type": "dense", "units": 8, "activation": "tanh"}, {"type": "dense", "units": 2}]},
       "discriminator": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "units": 8, "activation": "tanh"}, {"type": "dense", "units": 1}]}}},
     "training": {"epochs": 1, "batch_size": 16, "objectives": [
       {"name": "discriminator",
        "layers": [
          {"name": "noise", "type": "random_normal", "shape": [2]},
          {"name": "fake", "type": "network", "network": "generator", "inputs": ["noise"]},
          {"name": "real_score", "type": "network", "network": "discriminator", "inputs": ["point"]},
          {"name": "fake_score", "type": "network", "network": "discriminator", "inputs": ["fake"]},
          {"name": "real", "type": "binary_cross_entropy", "inputs": ["real_score"], "target": 1},
          {"name": "forged", "type": "binary_cross_entropy", "inputs": ["fake_score"], "target": 0}],
        "minimize": {"real": 1, "forged": 1}, "update": ["discriminator/*"],
        "optimizer": {"type": "adam", "learning_rate": LEARN_D}},
       {"name": "generator",
        "layers": [
          {"name": "noise", "type": "random_normal", "shape": [2]},
          {"name": "fake", "type": "network", "network": "generator", "inputs": ["noise"]},
          {"name": "score", "type": "network", "network": "discriminator", "inputs": ["fake"]},
          {"name": "fool", "type": "binary_cross_entropy", "inputs": ["score"], "target": 1}],
        "minimize": {"fool": 1}, "update": ["generator/*"],
        "optimizer": {"type": "adam", "learning_rate": LEARN_G}}]}}
    """

  private func changed(discriminator: Double, generator: Double) throws -> Set<String> {
    let text = Self.adversarial.replacingOccurrences(of: "LEARN_D", with: "\(discriminator)")
      .replacingOccurrences(of: "LEARN_G", with: "\(generator)")
    let trainer = try makeTrainer(text, in: TemporaryFolder())
    let before = trainer.snapshot
    try trainer.run()
    let after = trainer.snapshot
    return Set(before.keys.filter { before[$0] != after[$0] })
  }

  @Test func eachObjectiveChangesOnlyWhatItNames() throws {
    let all = try changed(discriminator: 0.01, generator: 0.01)
    let discriminator = all.filter { $0.hasPrefix("discriminator/") }
    let generator = all.filter { $0.hasPrefix("generator/") }
    #expect(discriminator.count == 4 && generator.count == 4 && all.count == 8)
    #expect(try changed(discriminator: 0.01, generator: 0) == discriminator)
    #expect(try changed(discriminator: 0, generator: 0.01) == generator)
  }

  @Test func gradientsOfOneObjectiveDoNotReachTheOthersParameters() throws {
    let text = Self.adversarial.replacingOccurrences(of: "LEARN_D", with: "0.01")
      .replacingOccurrences(of: "LEARN_G", with: "0.01")
    let trainer = try makeTrainer(text, in: TemporaryFolder())
    let trained = (0..<2).map { trainer.engine.trainedParameters(stage: 0, objective: $0) }
    #expect(trained[0].allSatisfy { $0.hasPrefix("discriminator/") } && trained[0].count == 4)
    #expect(trained[1].allSatisfy { $0.hasPrefix("generator/") } && trained[1].count == 4)
  }

  /// The generator's objective on the discriminator's forgeries, which are not computed again.
  private static let sharing = adversarial.replacingOccurrences(of: "LEARN_D", with: "0.01")
    .replacingOccurrences(of: "LEARN_G", with: "0.01")
    .replacingOccurrences(
      of: #""name": "score", "type": "network", "network": "discriminator", "inputs": ["fake"]"#,
      with: #"""
        "name": "score", "type": "network", "network": "discriminator", \#
        "inputs": ["discriminator/fake"]
        """#)

  @Test func anObjectiveReadsWhatAnEarlierOneComputed() throws {
    let trainer = try makeTrainer(Self.sharing, in: TemporaryFolder())
    let plan = try #require(
      trainer.engine.plans.first { $0.phases.count == 2 })
    let forward = plan.phases.map { phase in
      plan.steps[phase.forward].map { plan.shaped.graph.nodes[$0.node].name }
    }
    #expect(forward[0].contains("discriminator/fake/dense_1"))
    #expect(forward[1].allSatisfy { $0.hasPrefix("generator/") })
    #expect(forward[1].count == 4)
    let trained = (0..<2).map { trainer.engine.trainedParameters(stage: 0, objective: $0) }
    #expect(trained[0].allSatisfy { $0.hasPrefix("discriminator/") } && trained[0].count == 4)
    #expect(trained[1].allSatisfy { $0.hasPrefix("generator/") } && trained[1].count == 4)
    try trainer.run()
  }

  @Test func whatAnotherObjectiveComputedMustStillHold() throws {
    func message(_ text: String) throws -> String {
      let error = #expect(throws: Problems.self) { try makeTrainer(text, in: TemporaryFolder()) }
      return error?.list.first?.message ?? ""
    }
    let parts = Self.sharing.replacingOccurrences(
      of: #""batch_size": 16"#, with: #""batch_size": 16, "gradient_accumulation": 2"#)
    #expect(
      try message(parts)
        == "\"generator\" reads \"discriminator/fake/dense_2\" of another objective: then each must take "
        + "one step on the whole batch, without \"steps\" and without \"gradient_accumulation\"")
    let changed = Self.sharing.replacingOccurrences(
      of: #""update": ["discriminator/*"]"#, with: #""update": ["*"]"#)
    #expect(
      try message(changed)
        == "\"generator/fool\" follows from \"discriminator/fake/dense_1\", which was computed before "
        + "generator/dense_1/kernel was trained; compute it again from its inputs")
  }

  @Test func aSecondStageBeginsWhereTheFirstEndedAndKeepsWhatIsFrozen() throws {
    let text = """
      {"seed": 1,
       "data": {"train": {"type": "csv", "path": "points.csv",
                          "features": ["x", "y"], "features_field": "point", "label": "side"}},
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "body", "units": 8, "activation": "tanh"},
         {"type": "dense", "name": "head", "units": 2}]},
       "training": {
         "batch_size": 16,
         "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
         "optimizer": {"type": "adam", "learning_rate": 0.05},
         "stages": [{"name": "pretrain", "epochs": 5},
                    {"name": "tune", "epochs": 5, "freeze": ["body/*"]}]}}
      """
    let record = Record()
    let trainer = try makeTrainer(text, in: TemporaryFolder(), observer: record)
    record.atStage = { [unowned trainer] in trainer.snapshot }
    try trainer.run()
    let end = trainer.snapshot
    #expect(record.stages.map(\.name) == ["pretrain", "tune"])
    let (first, second) = (record.snapshots[0], record.snapshots[1])
    for name in ["body/kernel", "body/bias"] {
      #expect(first[name] != second[name], "the first stage trains \(name)")
      #expect(second[name] == end[name], "the second stage leaves \(name) alone")
    }
    for name in ["head/kernel", "head/bias"] {
      #expect(first[name] != second[name] && second[name] != end[name])
    }
    let losses = record.epochs.compactMap { $0.results.first { $0.name == "loss" }?.value }
    #expect(losses.count == 10)
    // It goes on, it does not begin anew.
    #expect(losses[5] < losses[0] / 2)
    #expect(losses[9] < losses[5])
  }
}

/// Remembers what a trainer reports.
final class Record: TrainingObserver {
  var stages: [StageFacts] = []
  var steps: [StepFacts] = []
  var epochs: [ResultFacts] = []
  var evaluations: [ResultFacts] = []
  var snapshots: [[String: [Float]]] = []
  var notes: [String] = []
  var atStage: (() -> [String: [Float]])?

  func stageBegan(_ stage: StageFacts) {
    stages.append(stage)
    if let atStage { snapshots.append(atStage()) }
  }
  func stepEnded(_ step: StepFacts) { steps.append(step) }
  func epochEnded(_ facts: ResultFacts) { epochs.append(facts) }
  func evaluated(_ facts: ResultFacts) { evaluations.append(facts) }
  func note(_ message: String) { notes.append(message) }
}
