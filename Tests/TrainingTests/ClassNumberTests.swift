import Datasets
import Formats
import Foundation
import Settings
import Testing

@testable import Training

/// A number that is no class is said with its file and its row, not as a loss that is no number.
@Suite struct ClassNumberTests {
  private func configuration(
    loss: String = #""softmax_cross_entropy""#, metrics: String = "[]", units: Int = 2
  ) -> String {
    func split(_ file: String) -> String {
      #"{"type": "csv", "path": "\#(file)", "features": ["a", "b"], "targets": ["y"]}"#
    }
    return """
      {"data": {"train": \(split("train.csv")), "validation": \(split("validation.csv"))},
       "model": {"inputs": {"features": [2]}, "layers": [{"type": "dense", "name": "d", "units": \(units)}]},
       "training": {"batch_size": 2, "metrics": \(metrics), "optimizer": "sgd",
         "loss": {"type": \(loss), "prediction": "d", "target": "target"}}}
      """
  }

  private func trainer(
    _ configuration: String, training: [String], validation: [String] = ["0", "1"],
    in folder: TemporaryFolder, saving: Bool = false
  ) throws -> Trainer {
    func table(_ targets: [String]) -> String {
      (["a,b,y"] + targets.map { "1,2,\($0)" }).joined(separator: "\n") + "\n"
    }
    try folder.write("train.csv", table(training))
    try folder.write("validation.csv", table(validation))
    return try makeTrainer(configuration, in: folder, saving: saving)
  }

  @Test(arguments: [("2", "2"), ("-1", "-1"), ("0.5", "0.5"), ("1000", "1000")])
  func aClassThatIsNoneIsNamedWithItsRow(value: String, shown: String) throws {
    let expected =
      "expected a class, a whole number from 0 to 1, as layer \"loss\" (softmax_cross_entropy) reads it, got "
      + shown
    let folder = try TemporaryFolder()
    let wrong = try trainer(configuration(), training: ["0", "1", value, value], in: folder)
    let error = try #require(throws: FormatError.self) { try wrong.run() }
    #expect(
      "\(error)".hasSuffix("train.csv: row 2 of \"train\", field \"target\": \(expected)"),
      "\(error)")
    #expect(throws: FormatError.self) { try wrong.rehearse() }
    let validated = try trainer(
      configuration(), training: ["0", "1"], validation: ["1", value], in: folder)
    let other = try #require(throws: FormatError.self) { try validated.run() }
    #expect(
      "\(other)".hasSuffix(
        "validation.csv: row 1 of \"validation\", field \"target\": \(expected)"),
      "\(other)")
  }

  @Test func classesThatAreTakenTrain() throws {
    try trainer(
      configuration(metrics: "[\"accuracy\"]"), training: ["0", "1"], in: TemporaryFolder()
    )
    .run()
  }

  /// What metrics read as classes follows the same rule as losses: none is below 0.
  @Test(arguments: [
    (
      2, #"[{"type": "accuracy", "target": "target"}]"#, "-1", "a class, a whole number from 0 to 1"
    ),
    (
      2, #"[{"type": "perplexity", "target": "target"}]"#, "3",
      "a class, a whole number from 0 to 1"
    ),
    (1, #"[{"type": "f1"}]"#, "-1", "a number from 0 to 1"),
    (1, #"[{"type": "roc_auc"}]"#, "2", "a number from 0 to 1"),
  ])
  func metricsReadTheSameClasses(
    units: Int, metrics: String, value: String, expected: String
  ) throws {
    // The loss of two numbers reads no classes.
    let text =
      units == 1
      ? configuration(loss: #""mean_squared_error""#, metrics: metrics, units: 1)
      : configuration(metrics: metrics).replacingOccurrences(
        of: #""loss": {"type": "softmax_cross_entropy", "prediction": "d", "target": "target"}"#,
        with: #""loss": {"type": "mean_squared_error", "prediction": "d", "target": "features"}"#)
    let wrong = try trainer(text, training: ["0", value], in: TemporaryFolder())
    let error = try #require(throws: FormatError.self) { try wrong.run() }
    #expect("\(error)".contains("row 1 of \"train\""), "\(error)")
    #expect("\(error)".contains("expected \(expected), as the metric"), "\(error)")
    try trainer(text, training: ["0", "1"], in: TemporaryFolder()).run()
  }

  @Test func anEmbeddingReadsClassesToo() throws {
    let text = """
      {"data": {"train": {"type": "csv", "path": "train.csv", "features": ["y"], "targets": ["a"]}},
       "model": {"inputs": {"features": [1]}, "layers": [
         {"type": "embedding", "name": "table", "input_dim": 3, "output_dim": 1}, "flatten",
         {"type": "dense", "name": "d", "units": 1}]},
       "training": {"batch_size": 2, "optimizer": "sgd",
         "loss": {"type": "mean_squared_error", "prediction": "d", "target": "target"}}}
      """
    let wrong = try trainer(text, training: ["0", "1", "3"], in: TemporaryFolder())
    let error = try #require(throws: FormatError.self) { try wrong.run() }
    #expect("\(error)".contains("row 2 of \"train\", field \"features\""), "\(error)")
    #expect("\(error)".contains("layer \"table\" (embedding)"), "\(error)")
    try trainer(text, training: ["0", "1", "2"], in: TemporaryFolder()).run()
  }

  @Test func otherDataAreLookedThroughWhenTheyAreEvaluated() throws {
    let folder = try TemporaryFolder()
    try trainer(configuration(), training: ["0", "1"], in: folder, saving: true).run()
    try folder.write("validation.csv", "a,b,y\n1,2,0\n1,2,7\n")
    let checkpoint = try Checkpoint(RunFolder(folder.path + "/run").last)
    let error = try #require(throws: FormatError.self) {
      try Evaluation(
        checkpoint, experiment: Experiment(checkpoint.document), split: .validation, threads: 1)
    }
    #expect("\(error)".contains("row 1 of \"validation\""), "\(error)")
  }
}
