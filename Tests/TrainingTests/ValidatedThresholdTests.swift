import Datasets
import ModelSpec
import Settings
import Testing

@testable import Training

/// Thresholds that are chosen on the validation data and hold for others.
@Suite struct ValidatedThresholdTests {
  /// One number a row; the rows of the splits do not overlap.
  private func configuration(
    threshold: String = #""best_f1_threshold""#, validated: Bool = true
  ) -> String {
    func split(_ slice: String) -> String {
      """
      {"type": "csv", "path": "points.csv", "features": ["x", "y"], "features_field": "point",
       "label": "side", "slice": \(slice)}
      """
    }
    let validation = validated ? #""validation": \#(split("[32, 45]")),"# : ""
    return """
      {"seed": 1, "data": {"train": \(split("[0, 32]")), \(validation) "test": \(split("[45, 64]"))},
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "score", "units": 1}]},
       "training": {"batch_size": 16, "epochs": 2, "objectives": [
         {"name": "detector",
          "layers": [{"name": "score", "type": "network", "inputs": ["point"]},
                     {"name": "error", "type": "binary_cross_entropy", "inputs": ["score", "label"]}],
          "minimize": {"error": 1}, "optimizer": {"type": "sgd", "learning_rate": 0.05}}],
         "metrics": [{"type": "best_f1", "prediction": "score", "target": "label"},
                     {"type": "f1", "prediction": "score", "target": "label", "from_logits": false,
                      "threshold": \(threshold)}]}}
      """
  }

  private func outcome(
    _ configuration: String, in folder: TemporaryFolder, _ split: Split
  ) throws -> EvaluationOutcome {
    let checkpoint = try Checkpoint(RunFolder(folder.path + "/run").last)
    let experiment = try Experiment(checkpoint.document)
    return try Evaluation(checkpoint, experiment: experiment, split: split, threads: 1).run()
  }

  @Test func theThresholdOfTheValidationHoldsForTheTest() throws {
    let (folder, record) = (try TemporaryFolder(), Record())
    try makeTrainer(configuration(), in: folder, saving: true, observer: record).run()
    let last = try #require(record.evaluations.last).results
    #expect(
      last.map(\.name) == ["detector/error", "detector/best_f1", "detector/best_f1_threshold"])
    let chosen = last[2].value

    let test = try outcome(configuration(), in: folder, .test)
    let other = try TemporaryFolder()
    let fixed = configuration(threshold: "\(chosen)")
    try makeTrainer(fixed, in: other, saving: true).run()
    #expect(test["detector/f1"] == (try outcome(fixed, in: other, .test))["detector/f1"])
    // What is the best on the test data is another one.
    #expect(test["detector/best_f1_threshold"] != chosen)
    #expect(try outcome(configuration(), in: folder, .train)["detector/f1"] != nil)
    #expect(try outcome(configuration(), in: folder, .validation)["detector/f1"] == nil)
  }

  @Test func aResumedRunKnowsTheThreshold() throws {
    let folder = try TemporaryFolder()
    let trainer = try makeTrainer(configuration(), in: folder, saving: true)
    try trainer.run()
    let resumed = try makeTrainer(configuration(), in: folder, saving: true)
    try resumed.resume(from: Checkpoint(RunFolder(folder.path + "/run").last))
    #expect(resumed.progress.validated == trainer.progress.validated)
    #expect(Array(resumed.progress.validated.keys) == ["detector/best_f1_threshold"])
  }

  @Test func aResultThatThereIsNotIsNamed() throws {
    let trainer = try makeTrainer(
      configuration(threshold: #""best_f1_treshold""#), in: TemporaryFolder())
    let error = try #require(throws: Problems.self) { try trainer.run() }
    #expect(
      "\(error)".contains(
        "training.metrics[1].threshold: no result of the validation data is called "
          + "\"best_f1_treshold\" (did you mean \"best_f1_threshold\"?)"), "\(error)")
  }

  @Test func withoutValidationThereIsNoThreshold() throws {
    let (folder, text) = (try TemporaryFolder(), configuration(validated: false))
    try makeTrainer(text, in: folder, saving: true).run()
    let error = try #require(throws: Problems.self) { try outcome(text, in: folder, .test) }
    #expect("\(error)".contains("knows no result \"best_f1_threshold\""), "\(error)")
  }

  @Test func logitsHaveNoSuchThreshold() throws {
    let text = configuration().replacingOccurrences(
      of: #""from_logits": false,"#, with: "")
    #expect(throws: ConfigError.self) { try makeTrainer(text, in: TemporaryFolder()) }
  }
}
