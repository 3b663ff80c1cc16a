import Foundation
import Settings
import Testing

@testable import Training

/// How long stages are, what they begin with and what they inherit.
@Suite struct StageTests {
  private func configuration(_ training: String, splits: [String] = ["train"]) -> String {
    let split = """
      {"type": "csv", "path": "points.csv", "features": ["x", "y"], "features_field": "point",
       "label": "side"}
      """
    let data = splits.map { "\"\($0)\": \(split)" }.joined(separator: ", ")
    return """
      {"data": {\(data)},
       "model": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "name": "head", "units": 2}]},
       "training": {\(training)}}
      """
  }

  private static let loss =
    #""loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"}"#
  private static let sgd = #""optimizer": {"type": "sgd", "learning_rate": 0.1}"#

  /// Steps without epochs take as many epochs as they need; beside epochs they end them.
  @Test(arguments: [
    (#""steps": 9"#, 9, 3), (#""steps": 8"#, 8, 2), (#""steps": 1"#, 1, 1), (#""steps": 0"#, 0, 1),
    (#""steps": 9, "epochs": 1"#, 4, 1), (#""steps": 3, "epochs": 2"#, 3, 2),
    (#""epochs": 2"#, 8, 2),
    (#""shuffle": true"#, 4, 1),
  ])
  func aStageIsAsLongAsItSays(settings: String, steps: Int, epochs: Int) throws {
    let record = Record()
    let text = configuration("\"batch_size\": 16, \(settings), \(Self.loss), \(Self.sgd)")
    let trainer = try makeTrainer(text, in: TemporaryFolder(), observer: record)
    #expect(try trainer.rehearse().contains("\(steps) steps, 4 an epoch"))
    try trainer.run()
    #expect(record.steps.count == steps)
    #expect(record.stages.map(\.epochs) == [epochs])
    #expect(record.stages.map(\.totalSteps) == [steps])
  }

  @Test func noNumberOfStepsIsTooLarge() {
    var settings = StageSettings()
    settings.epochs = .max
    #expect(settings.steps(of: 3) == .max)
    (settings.epochs, settings.steps) = (nil, .max)
    #expect(settings.steps(of: 3) == .max && settings.steps(of: 0) == 0)
  }

  /// What stands beside the stages is begun with once; in a stage, whenever that begins.
  @Test func stagesBeginWithACheckpointOnce() throws {
    let folder = try TemporaryFolder()
    try makeTrainer(
      configuration("\"epochs\": 2, \"batch_size\": 16, \(Self.loss), \(Self.sgd)"), in: folder,
      saving: true
    ).run()
    let file = folder.path + "/begun.safetensors"
    try FileManager.default.moveItem(
      atPath: folder.path + "/run/checkpoints/last.safetensors", toPath: file)
    let begin = #""initialize": {"checkpoint": "begun.safetensors"}"#
    func snapshots(_ common: String, _ second: String) throws -> [[String: [Float]]] {
      let record = Record()
      let trainer = try makeTrainer(
        configuration(
          """
          "batch_size": 16, \(Self.loss), \(Self.sgd)\(common),
          "stages": [{"name": "one", "epochs": 3}, {"name": "two", "epochs": 1\(second)}]
          """), in: folder, observer: record)
      record.atStage = { [unowned trainer] in trainer.snapshot }
      try trainer.run()
      return record.snapshots
    }
    let begun = try Checkpoint(file)
    let once = try snapshots(", " + begin, "")
    let again = try snapshots(", " + begin, ", " + begin)
    #expect(once[0] == again[0])
    #expect(once[1] != once[0] && again[1] == again[0])
    #expect(begun.names.contains("head/kernel"))
  }

  @Test func aStageTakesAwayWhatStandsBesideIt() throws {
    let record = Record()
    let trainer = try makeTrainer(
      configuration(
        """
        "batch_size": 16, "epochs": 2, \(Self.loss), \(Self.sgd), "drop_remainder": true,
        "stages": [{"name": "one"},
          {"name": "two", "drop_remainder": null, "loss": null, "optimizer": null,
           "objectives": [{"name": "o", "layers": [
             {"name": "head", "type": "network", "inputs": "point"},
             {"name": "error", "type": "softmax_cross_entropy", "inputs": ["head", "label"]}],
             "minimize": {"error": 1}, "optimizer": "sgd"}]}]
        """), in: TemporaryFolder(), rows: 40, observer: record)
    try trainer.run()
    #expect(record.stages.map(\.totalSteps) == [4, 6])
    #expect(
      record.epochs.map { $0.results.map(\.name) } == [
        ["loss"], ["loss"], ["o/error"], ["o/error"],
      ])
  }

  @Test func aFileTakesAwayWhatItExtends() throws {
    let folder = try TemporaryFolder()
    try folder.write("points.csv", circleTable(rows: 8))
    try folder.write(
      "base.json", configuration("\"batch_size\": 16, \"epochs\": 7, \(Self.loss), \(Self.sgd)"))
    let path = try folder.write(
      "child.json",
      """
      {"extends": "base.json", "model": {"layers": null, "inputs": null, "networks": {
         "a": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "units": 2}]}}},
       "training": {"loss": null, "optimizer": null, "epochs": null, "objectives": [
         {"name": "o", "layers": [
           {"name": "head", "type": "network", "inputs": "point"},
           {"name": "error", "type": "softmax_cross_entropy", "inputs": ["head", "label"]}],
          "minimize": {"error": 1}, "optimizer": "sgd"}]}}
      """)
    let experiment = try Experiment.load(path, environment: [:])
    #expect(experiment.networks.names == ["a"])
    #expect(experiment.stages[0].objectives.map(\.name) == ["o"])
    #expect(experiment.stages[0].settings.epochs == nil)
    // What the checkpoint carries says the same.
    let again = try Experiment(experiment.document)
    #expect(again.stages[0].objectives.map(\.name) == ["o"])
    let set = try Experiment.load(
      folder.path + "/base.json", overrides: ["training.epochs=null"], environment: [:])
    #expect(set.stages[0].settings.epochs == nil)
  }
}

/// Which metrics the objectives of a stage measure.
@Suite struct MeasuredTests {
  /// Objectives that predict a point from itself, each by a layer of its own name.
  private func configuration(_ names: [String], _ metrics: String) -> String {
    let objectives = names.enumerated().map { number, name in
      """
      {"name": "\(name)", "layers": [
         {"name": "m\(number)", "type": "network", "inputs": "point"},
         {"name": "e", "type": "mean_squared_error", "inputs": ["m\(number)", "point"]}],
       "minimize": {"e": 1}, "optimizer": "sgd"}
      """
    }
    let split = """
      {"type": "csv", "path": "points.csv", "features": ["x", "y"], "features_field": "point"}
      """
    return """
      {"data": {"train": \(split), "validation": \(split), "transforms": [
         {"type": "copy", "field": "point", "as": "same"}]},
       "model": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "units": 2}]},
       "training": {"batch_size": 16, "objectives": [\(objectives.joined(separator: ", "))],
         "metrics": [\(metrics)]}}
      """
  }

  private func results(_ configuration: String) throws -> [String] {
    let record = Record()
    try makeTrainer(configuration, in: TemporaryFolder(), observer: record).run()
    return try #require(record.evaluations.last).results.map(\.name)
  }

  private func message(_ configuration: String) throws -> String {
    let error = try #require(throws: Problems.self) {
      try makeTrainer(configuration, in: TemporaryFolder())
    }
    return error.list.map { "\($0.path): \($0.message)" }.joined(separator: "\n")
  }

  @Test(arguments: [["a"], ["a", "b"], ["a", "b", "c"]])
  func aNameThatNoObjectiveKnowsIsAnError(objectives: [String]) throws {
    func metric(_ prediction: String, _ target: String) -> String {
      #"{"type": "mean_absolute_error", "prediction": "\#(prediction)", "target": "\#(target)"}"#
    }
    let known = (0..<objectives.count).map { "m\($0)" }
    let unknown = try message(configuration(objectives, metric("tpyo", "point")))
    #expect(
      unknown.contains("metrics[0].prediction: \"tpyo\", which the metric measures, does not exist")
    )
    #expect(known.allSatisfy(unknown.contains), "\(unknown)")
    let full = try message(configuration(objectives, metric("a/m0", "point")))
    #expect(full.contains("\"a/m0\", which the metric measures, does not exist"), "\(full)")
    let target = try message(configuration(objectives, metric("m0", "pointt")))
    #expect(
      target.contains(
        "metrics[0].target: \"pointt\", which the metric compares with, does not exist"),
      "\(target)")
    let nothing = try message(configuration(objectives, #""mean_absolute_error""#))
    #expect(nothing.contains("needs a \"prediction\" and a \"target\""), "\(nothing)")
    #expect(
      try results(configuration(objectives, metric(known.last ?? "", "point"))).count
        == objectives.count + 1)
  }

  /// A field need not be read by the graph to be compared, and is compared once.
  @Test(arguments: [["a"], ["a", "b"]])
  func anyFieldCanBeCompared(objectives: [String]) throws {
    let found = try results(
      configuration(
        objectives,
        #"""
        {"type": "mean_absolute_error", "prediction": "same", "target": "point"},
        {"type": "mean_activation", "prediction": "same"}
        """#))
    #expect(found.filter { $0.hasSuffix("/mean_absolute_error") } == ["a/mean_absolute_error"])
    #expect(found.filter { $0.hasSuffix("/mean_activation") } == ["a/mean_activation"])
  }

  @Test func theShortFormComparesAnyFieldToo() throws {
    let split = """
      {"type": "csv", "path": "points.csv", "features": ["x", "y"], "features_field": "point",
       "targets": ["side"]}
      """
    let found = try results(
      """
      {"data": {"train": \(split), "validation": \(split), "transforms": [
         {"type": "copy", "field": "point", "as": "copied"}]},
       "model": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "name": "d", "units": 2}]},
       "training": {"batch_size": 16, "optimizer": "sgd",
         "loss": {"type": "mean_squared_error", "prediction": "d", "target": "point"},
         "metrics": [{"type": "mean_absolute_error", "prediction": "copied", "target": "point"}]}}
      """)
    #expect(found == ["loss", "mean_absolute_error"])
  }
}
