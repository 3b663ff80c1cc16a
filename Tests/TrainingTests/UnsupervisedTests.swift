import Settings
import Testing

@testable import Training

/// What autoencoders and adversarial networks ask of objectives and metrics.
@Suite struct UnsupervisedTests {
  private static let data = """
    "data": {"train": {"type": "csv", "path": "points.csv", "features": ["x", "y"],
                       "features_field": "point", "label": "side"},
             "validation": {"type": "csv", "path": "points.csv", "features": ["x", "y"],
                            "features_field": "point", "label": "side"}}
    """

  /// The kernel of a network after so many steps of a loss whose weight rises from nothing.
  private func kernel(steps: Int) throws -> [Float]? {
    let text = """
      {"seed": 1, \(Self.data),
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "code", "units": 3, "activation": "sigmoid"}]},
       "training": {"batch_size": 16, "epochs": 9, "steps": \(steps), "objectives": [
         {"name": "sparse",
          "layers": [{"name": "code", "type": "network", "inputs": ["point"]},
                     {"name": "penalty", "type": "kl_sparsity", "target": 0.1}],
          "minimize": {"penalty": {"type": "polynomial", "initial": 0, "final": 1, "length": 4}},
          "optimizer": {"type": "sgd", "learning_rate": 0.1}}]}}
      """
    let trainer = try makeTrainer(text, in: TemporaryFolder())
    try trainer.run()
    return trainer.snapshot["code/kernel"]
  }

  @Test func theWeightOfALossFollowsItsSchedule() throws {
    let initial = try #require(try kernel(steps: 0))
    // The first step has weight 0, the second 1/4.
    #expect(try kernel(steps: 1) == initial)
    #expect(try kernel(steps: 2) != initial)
  }

  @Test func aDecoderSharesTheKernelOfItsEncoder() throws {
    let text = """
      {"seed": 1, \(Self.data),
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "code", "units": 3},
         {"type": "dense_transpose", "name": "copy", "units": 2, "parameters_of": "code"}]},
       "training": {"batch_size": 16, "epochs": 30,
         "loss": {"type": "mean_squared_error", "prediction": "copy", "target": "point"},
         "metrics": ["squared_error_per_row", {"type": "mean_activation", "prediction": "code"}],
         "optimizer": {"type": "adam", "learning_rate": 0.02}}}
      """
    let record = Record()
    let trainer = try makeTrainer(text, in: TemporaryFolder(), observer: record)
    #expect(
      Set(trainer.snapshot.keys) == ["code/kernel", "code/bias", "code/output_bias"])
    try trainer.run()
    let losses = record.epochs.compactMap { $0.results.first?.value }
    #expect(try #require(losses.last) < 0.02 * losses[0])
    let names = try #require(record.evaluations.last).results.map(\.name)
    #expect(names.prefix(3) == ["loss", "squared_error_per_row", "mean_activation"])
    let untied = text.replacingOccurrences(of: "\"units\": 2,", with: "\"units\": 4,")
    #expect(throws: Problems.self) { try makeTrainer(untied, in: TemporaryFolder()) }
  }

  /// The first stage's error is near 1, the second's near 10,000.
  @Test func theBestCheckpointIsOneOfTheLastStage() throws {
    func stage(_ target: Int) -> String {
      """
      {"steps": 3, "objectives": [{"name": "to_\(target)",
        "layers": [{"name": "code", "type": "network", "inputs": ["point"]},
                   {"name": "error", "type": "mean_squared_error", "target": \(target)}],
        "minimize": {"error": 1}, "optimizer": {"type": "sgd", "learning_rate": 0.001}}]}
      """
    }
    let text = """
      {"seed": 1, \(Self.data),
       "model": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "units": 2}]},
       "training": {"batch_size": 16, "stages": [\(stage(1)), \(stage(100))]}}
      """
    let folder = try TemporaryFolder()
    try makeTrainer(text, in: folder, saving: true).run()
    let best = try Checkpoint(RunFolder(folder.path + "/run").best)
    #expect(best.progress.stage == 1)
  }

  /// A metric may compare two layers, and two metrics of one kind are told apart by their names.
  @Test func metricsCompareLayersAndHaveNames() throws {
    let text = """
      {"seed": 1, \(Self.data),
       "model": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "units": 2}]},
       "training": {"batch_size": 16, "steps": 1, "objectives": [
         {"name": "denoising",
          "layers": [{"name": "noise", "type": "random_normal", "shape": [2], "stddev": 0.5},
                     {"name": "noisy", "type": "add", "inputs": ["point", "noise"]},
                     {"name": "clean", "type": "network", "inputs": ["noisy"]},
                     {"name": "error", "type": "mean_squared_error", "inputs": ["clean", "point"]}],
          "minimize": {"error": 1}, "optimizer": "sgd"}],
         "metrics": [{"type": "psnr", "prediction": "clean", "target": "point"},
                     {"type": "psnr", "name": "noisy", "prediction": "noisy", "target": "point"},
                     {"type": "frechet", "features": "points", "prediction": "noisy",
                      "target": "noisy"}]}}
      """
    let record = Record()
    let trainer = try makeTrainer(text, in: TemporaryFolder(), rows: 6400, observer: record)
    try trainer.run()
    let results = try #require(record.evaluations.last).results
    #expect(
      results.map(\.name) == [
        "denoising/error", "denoising/psnr", "denoising/noisy/psnr", "denoising/frechet_points",
      ])
    #expect(abs(results[3].value) < 1e-9)
    // The mean of two squares of normal numbers is exponentially distributed, the mean of its logarithm minus Euler's
    // constant. Every batch draws its own noise: with that of one for all, the mean would be that of 16 rows.
    let wanted = 10 * 0.4342944819 * 0.5772156649 + 6.0206
    #expect(abs(results[2].value - wanted) < 0.25, "\(results[2].value), not \(wanted)")
  }
}
