import Foundation
import Settings
import Testing

@testable import Training

/// A run that computes what is no number ends so, whichever notices first; a result that nothing decides ends no run.
@Suite struct NonFiniteTests {
  private func configuration(
    _ settings: String, validation: String? = nil, batch: Int = 64, rate: String = "0.1",
    layers: String = "", divisor: Double = 1
  ) -> String {
    func split(_ file: String) -> String {
      """
      {"type": "csv", "path": "\(file)", "features": ["x", "y"], "features_field": "point",
       "label": "side"}
      """
    }
    let validation = validation.map { #", "validation": \#(split($0))"# } ?? ""
    return """
      {"data": {"train": \(split("points.csv"))\(validation), "transforms": [
         {"type": "scale", "field": "point", "divide": \(divisor)}]},
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "head", "units": 2}\(layers)]},
       "training": {"batch_size": \(batch), \(settings),
         "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
         "optimizer": {"type": "sgd", "learning_rate": \(rate)}}}
      """
  }

  /// Inputs so large that scores are infinite, whose differences are no numbers.
  private static let large = "x,y,side\n3e38,3e38,1\n-3e38,3e38,0\n3e38,-3e38,0\n-3e38,-3e38,1\n"

  /// What stops a run, and after which step.
  private func stop(_ configuration: String) throws -> (step: Int, what: String) {
    let folder = try TemporaryFolder()
    try folder.write("large.csv", Self.large)
    let trainer = try makeTrainer(configuration, in: folder, saving: true)
    let error = try #require(throws: TrainingStop.self) { try trainer.run() }
    // Nothing that is no number was written.
    let checkpoint = try Checkpoint(RunFolder(folder.path + "/run").last)
    let kept = try makeTrainer(configuration, in: folder)
    try kept.resume(from: checkpoint)
    #expect(kept.snapshot.values.allSatisfy { $0.allSatisfy(\.isFinite) })
    guard case .nonFinite(let step, let value) = error else { return (0, "\(error)") }
    #expect(!value.value.isFinite)
    return (step, value.what)
  }

  @Test func theLossOfAStep() throws {
    let (step, what) = try stop(configuration("\"epochs\": 3", batch: 16, rate: "1e39"))
    #expect(step == 2 && what == "the loss \"loss\"", "\(step) \(what)")
  }

  @Test(arguments: ["\"steps\": 1", "\"steps\": 1, \"checkpoint\": {\"every_steps\": 1}"])
  func theWeightsAfterTheLastStep(settings: String) throws {
    let (step, what) = try stop(configuration(settings, rate: "1e39"))
    #expect(step == 1 && what.hasPrefix("a number of \"head/"), "\(step) \(what)")
    let validated = try stop(configuration(settings, validation: "points.csv", rate: "1e39"))
    #expect(validated.step == 1 && validated.what.hasPrefix("a number of \"head/"))
  }

  @Test func aRehearsalStopsWhereTheRunWould() throws {
    let folder = try TemporaryFolder()
    let trainer = try makeTrainer(configuration("\"epochs\": 1", divisor: 1e-39), in: folder)
    let error = try #require(throws: TrainingStop.self) { try trainer.rehearse() }
    guard case .nonFinite(let step, let value) = error else {
      Issue.record(error)
      return
    }
    #expect(step == 1 && value.what == "the loss \"loss\"")
  }

  /// Weights that are finite and give no finite loss: nobody would compute it after the last step.
  @Test func theLossAfterTheLastStep() throws {
    let (step, what) = try stop(configuration("\"steps\": 1", rate: "3e37", divisor: 0.05))
    #expect(step == 1 && what == "in evaluation, the loss \"loss\"", "\(step) \(what)")
  }

  @Test(arguments: ["[]", "[\"accuracy\"]"]) func theLossOfTheValidation(metrics: String) throws {
    let (step, what) = try stop(
      configuration("\"epochs\": 2, \"metrics\": \(metrics)", validation: "large.csv"))
    #expect(step == 1 && what == "in evaluation, the loss \"loss\"", "\(step) \(what)")
  }

  @Test func whatAMetricMeasures() throws {
    let layers = """
      , {"type": "dense", "name": "large", "units": 1, "kernel_initializer": {"type": "constant", "value": 3e38}},
      {"type": "dense", "name": "larger", "units": 1, "kernel_initializer": {"type": "constant", "value": 3e38}},
      {"type": "subtract", "name": "none", "inputs": ["larger", "larger"]}
      """
    for metric in [
      #"{"type": "mean_activation", "prediction": "none"}"#,
      #"{"type": "frechet", "features": "none", "prediction": "head", "target": "none"}"#,
    ] {
      // A distance compares as many numbers a row.
      let layers =
        metric.contains("frechet")
        ? layers.replacingOccurrences(of: "\"units\": 1", with: "\"units\": 2") : layers
      let (step, what) = try stop(
        configuration(
          "\"epochs\": 2, \"metrics\": [\(metric)]", validation: "points.csv", layers: layers))
      #expect(step == 1 && what.hasPrefix("in evaluation, what the metric"), "\(step) \(what)")
    }
  }

  @Test func anUndefinedResultIsNeitherBetterNorWorse() throws {
    let (folder, record) = (try TemporaryFolder(), Record())
    try folder.write("one.csv", "x,y,side\n0.5,0.5,1\n0.3,0.1,1\n")
    let text = configuration(
      """
      "epochs": 5, "metrics": ["roc_auc"], "early_stopping": {"metric": "roc_auc_macro", "patience": 1},
      "checkpoint": {"best": "roc_auc_macro"}
      """, validation: "one.csv")
    let trainer = try makeTrainer(text, in: folder, saving: true, observer: record)
    try trainer.run()
    #expect(record.evaluations.count == 5)
    #expect(
      record.notes == [
        "the validation data do not decide \"roc_auc_macro\": it counts as neither better nor worse"
      ])
    #expect(trainer.progress.stopping == Plateau() && trainer.progress.best == Plateau())
  }

  @Test func undefinedResultsDoNotWait() {
    var plateau = Plateau()
    for result in [1, .nan, 2, .nan, .nan, 3] { plateau.observe(result, .lower) }
    #expect(plateau.best == 1 && plateau.waiting == 2)
  }

  /// A picture without any error has an infinite ratio of signal to noise; what has seen it can be written and read.
  @Test(arguments: [(Double.infinity, Better.higher), (-Double.infinity, .lower)])
  func anInfiniteResultIsBest(result: Double, better: Better) throws {
    var plateau = Plateau()
    let found = [30 * result.sign.factor, result, result].map { plateau.observe($0, better) }
    #expect(found == [true, true, false])
    var problems = Problems()
    let text = try JSONParser.parse(Array(plateau.json.text().utf8), file: "")
    #expect(Plateau.read(text, at: "", &problems) == plateau && problems.isEmpty)
  }
}

extension FloatingPointSign {
  fileprivate var factor: Double { self == .minus ? -1 : 1 }
}
