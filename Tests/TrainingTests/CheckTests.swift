import Datasets
import Settings
import Testing

@testable import Training

/// What is wrong with a run is said before its first step, all of it, by a rehearsal and by the run alike.
@Suite struct CheckTests {
  /// A classifier of points; the settings stand in `training`, a class more than the data have in the model.
  private func configuration(
    _ settings: String = "", validated: Bool = true, units: Int = 2, label: String = "side",
    loss: String = #""softmax_cross_entropy", "prediction": "head", "target": "label""#,
    optimizer: String = #""sgd""#
  ) -> String {
    let split = """
      {"type": "csv", "path": "points.csv", "features": ["x", "y"], "features_field": "point",
       "label": "\(label)"}
      """
    return """
      {"data": {"train": \(split)\(validated ? #", "validation": \#(split)"# : "")},
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "head", "units": \(units)}]},
       "training": {"batch_size": 16, "loss": {"type": \(loss)}, "optimizer": \(optimizer)
         \(settings.isEmpty ? "" : ", " + settings)}}
      """
  }

  /// What a rehearsal says, which must be what the run says; the run has not taken a step.
  private func problems(_ configuration: String, rows: Int = 64) throws -> [Problem] {
    let (folder, record) = (try TemporaryFolder(), Record())
    func trainer() throws -> Trainer {
      try makeTrainer(configuration, in: folder, rows: rows, observer: record)
    }
    let rehearsed = try trainer()
    let error = try #require(throws: Problems.self) { try rehearsed.rehearse() }
    let run = try trainer()
    #expect(throws: error) { try run.run() }
    #expect(record.steps.isEmpty && record.stages.isEmpty)
    return error.list
  }

  static let mistakes: [(settings: String, path: String, message: String)] = [
    (
      #""metrics": ["accuracy"], "early_stopping": {"metric": "acuracy"}"#,
      "training.early_stopping.metric",
      "no result is called \"acuracy\" (did you mean \"accuracy\"?)"
    ),
    (
      #""metrics": ["accuracy"], "checkpoint": {"best": "happiness"}"#, "training.checkpoint.best",
      "no result is called \"happiness\" (known: loss, accuracy)"
    ),
    (
      #""metrics": ["f1"], "checkpoint": {"best": "f1"}"#, "training.checkpoint.best",
      "no result is called \"f1\""
    ),
    (
      #""metrics": [{"type": "quantile", "prediction": "head"}], "checkpoint": {"best": "quantile"}"#,
      "training.checkpoint.best",
      "\"quantile\" is to be looked at: nobody knows which way it is better"
    ),
    (
      #""metrics": [{"type": "quantile", "prediction": "head"}], "early_stopping": {"metric": "quantile"}"#,
      "training.early_stopping.metric", "nobody knows which way it is better"
    ),
    (
      #""metrics": ["best_f1"]"#, "training.metrics[0]",
      "best_f1 expects one number a row, got [16, 2]"
    ),
    (
      #""metrics": [{"type": "top_k_accuracy", "k": 3}]"#, "training.metrics[0]",
      "top_k_accuracy with k = 3 expects at least 3 classes, got 2"
    ),
    (#""metrics": ["mean_squared_error"]"#, "training.metrics[0]", "expects a target of the same"),
    (#""metrics": ["ssim"]"#, "training.metrics[0]", "ssim"),
    (
      #""metrics": [{"type": "accuracy", "original_units": true}]"#, "training.metrics[0]",
      "\"original_units\" needs a target that the reader standardised"
    ),
    (
      #""metrics": [{"type": "f1", "threshold": "best_f2_threshold", "from_logits": false}]"#,
      "training.metrics[0].threshold", "no result of the validation data is called"
    ),
    (
      #""initialize": {"checkpoint": "nowhere.safetensors"}"#, "training.initialize.checkpoint",
      "nowhere.safetensors: cannot open"
    ),
    (
      #""initialize": {"checkpoint": "points.csv"}"#, "training.initialize.checkpoint", "points.csv"
    ),
    (#""freeze": ["haed/*"]"#, "training.freeze[0]", "no parameter is called \"haed/*\""),
    (
      #""samples": {"layer": "haed"}"#, "training.samples", "\"haed\""
    ),
    (
      #""metrics": ["confusion_matrix", "confusion_matrix"]"#, "training.metrics",
      "two results are called \"confusion_matrix\""
    ),
    (
      #""metrics": ["accuracy", "accuracy"]"#, "training.metrics",
      "two results are called \"accuracy\""
    ),
    (
      #""drop_remainder": true, "batch_size": 65"#, "training.batch_size",
      "the training data have 64 rows, fewer than one batch of 65"
    ),
  ]

  @Test(arguments: mistakes)
  func aMistakeIsFoundBeforeTheFirstStep(settings: String, path: String, message: String) throws {
    let text =
      settings.contains("batch_size")
      ? configuration(settings).replacingOccurrences(of: #""batch_size": 16, "#, with: "")
      : configuration(settings)
    let found = try problems(text)
    #expect(found.count == 1, "\(found)")
    #expect(found[0].path == path && found[0].message.contains(message), "\(found)")
    #expect(found[0].place?.file.hasSuffix("config.json") == true, "\(found)")
  }

  @Test func aLearningRateMustHaveAResultToFollow() throws {
    func rate(_ settings: String) -> String {
      #"{"type": "sgd", "learning_rate": {"type": "on_plateau", "initial": 1\#(settings)}}"#
    }
    let misspelt = try problems(
      configuration(optimizer: rate(#", "metric": "los", "mode": "min""#)))
    #expect(
      misspelt.map(\.description).map { $0.split(separator: ": ", maxSplits: 1).last ?? "" } == [
        "training.optimizer.learning_rate.metric: no result is called \"los\" (did you mean \"loss\"?)"
      ])
    let alone = try problems(configuration(validated: false, optimizer: rate("")))
    #expect(
      alone.map(\.message) == [
        "there are no validation data, whose \"loss\" would say when the learning rate falls"
      ])
    #expect(alone[0].path == "training.optimizer.learning_rate.metric")
  }

  @Test func nothingIsValidatedWithoutValidation() throws {
    let found = try problems(configuration(#""validate_every_steps": 2"#, validated: false))
    #expect(found.map(\.path) == ["training.validate_every_steps"])
    #expect(found[0].message == "there are no validation data")
  }

  @Test func nothingIsBestOrStopsWithoutValidation() throws {
    let found = try problems(
      configuration(
        #""early_stopping": {}, "checkpoint": {"best": "loss"}"#, validated: false))
    #expect(
      found.map(\.message) == [
        "there are no validation data, whose \"loss\" would say when to stop",
        "there are no validation data, whose \"loss\" would say which checkpoint is best",
      ])
    #expect(
      found.map(\.path) == ["training.early_stopping.metric", "training.checkpoint.best"])
  }

  /// A row by itself is normalised to nothing.
  @Test(arguments: [
    (17, "", true), (16, "", false), (17, #", "drop_remainder": true"#, false),
    (17, #", "freeze": ["norm/*"]"#, false),
  ])
  func aBatchOfOneRowIsToldOf(rows: Int, settings: String, told: Bool) throws {
    let record = Record()
    let text = configuration(#""epochs": 1"# + settings, validated: false).replacingOccurrences(
      of: #"{"type": "dense", "name": "head""#,
      with: #"{"type": "batch_normalization", "name": "norm"}, {"type": "dense", "name": "head""#)
    let trainer = try makeTrainer(text, in: TemporaryFolder(), rows: rows, observer: record)
    let rehearsed = try trainer.rehearse()
    try trainer.run()
    #expect(record.notes.count == (told ? 1 : 0), "\(record.notes)")
    #expect(record.notes.allSatisfy { $0.contains("\"norm\"") && rehearsed.contains($0) })
    #expect(rehearsed.contains("statistics") == told)
  }

  /// Statistics of a part of a batch are not those of the batch.
  @Test(arguments: [
    ("batch_normalization", 2, "", ["\"norm\""]), ("batch_normalization", 1, "", []),
    ("batch_normalization", 2, #", "freeze": ["norm/*"]"#, []),
    ("layer_normalization", 2, "", []),
  ])
  func statisticsOfPartsAreToldOf(
    type: String, parts: Int, settings: String, told: [String]
  ) throws {
    let record = Record()
    let text = configuration(
      "\"epochs\": 1, \"gradient_accumulation\": \(parts)\(settings)", validated: false
    ).replacingOccurrences(
      of: #"{"type": "dense", "name": "head""#,
      with: "{\"type\": \"\(type)\", \"name\": \"norm\"}, {\"type\": \"dense\", \"name\": \"head\"")
    let trainer = try makeTrainer(text, in: TemporaryFolder(), rows: 16, observer: record)
    let rehearsed = try trainer.rehearse()
    try trainer.run()
    #expect(record.notes.count == told.count, "\(record.notes)")
    for (note, name) in zip(record.notes, told) {
      #expect(note.contains(name) && note.contains("gradient_accumulation"))
      #expect(rehearsed.contains(note))
    }
    #expect(rehearsed.contains("statistics") == !told.isEmpty)
  }

  /// A penalty on means of units is one too.
  @Test func penaltiesOnMeansOfPartsAreToldOf() throws {
    let record = Record()
    let trainer = try makeTrainer(
      """
      {"data": {"train": {"type": "csv", "path": "points.csv", "features": ["x", "y"],
                          "features_field": "point", "label": "side"}},
       "model": {"inputs": {"point": [2]}, "layers": [
         {"type": "dense", "name": "code", "units": 3, "activation": "sigmoid"},
         {"type": "dense", "name": "head", "units": 2}]},
       "training": {"steps": 1, "batch_size": 16, "gradient_accumulation": 4, "objectives": [{
         "name": "o", "layers": [
           {"name": "run", "type": "network", "network": "model", "inputs": ["point"]},
           {"name": "error", "type": "mean_squared_error", "inputs": ["run", "point"]},
           {"name": "rare", "type": "kl_sparsity", "inputs": ["run/code"]},
           {"name": "rarer", "type": "kl_sparsity", "inputs": ["run/code"], "target": 0.01}],
         "minimize": {"error": 1, "rare": 1, "rarer": 1}, "optimizer": "sgd"}]}}
      """, in: TemporaryFolder(), observer: record)
    try trainer.run()
    #expect(record.notes.count == 1)
    #expect(
      record.notes.first?.contains("\"o/rare\" and 1 other layer(s)") == true, "\(record.notes)")
    #expect(record.notes.first?.contains("4 rows") == true, "\(record.notes)")
  }

  /// A rehearsal computes what the first step does, with the statistics of the batch, and leaves nothing of it behind.
  @Test func aRehearsalToldTheLossOfTheFirstStep() throws {
    let text = configuration(#""epochs": 1, "log_every_steps": 1"#, validated: false)
      .replacingOccurrences(
        of: #"{"type": "dense", "name": "head""#,
        with: #"{"type": "dense", "units": 8}, {"type": "batch_normalization"}, "#
          + #"{"type": "dropout", "rate": 0.5}, {"type": "dense", "name": "head""#)
    let (rehearsed, plain) = (Record(), Record())
    let trainer = try makeTrainer(text, in: TemporaryFolder(), observer: rehearsed)
    let before = trainer.snapshot
    let told = try trainer.rehearse()
    let loss = try #require(Double(told.split(separator: " ").last?.dropLast() ?? ""))
    #expect(before.keys.contains { $0.hasSuffix("moving_mean") })
    #expect(trainer.snapshot == before)
    try makeTrainer(text, in: TemporaryFolder(), observer: plain).run()
    try trainer.run()
    let first = try #require(plain.steps.first?.losses.first?.value)
    #expect(abs(first - loss) < 1e-5, "\(first) \(loss)")
    #expect(
      rehearsed.steps.flatMap(\.losses).map(\.value) == plain.steps.flatMap(\.losses).map(\.value))
  }

  /// What a rehearsal computes is what the run begins with.
  @Test func aRehearsalBeginsWithTheCheckpointThatIsNamed() throws {
    let folder = try TemporaryFolder()
    try makeTrainer(configuration(#""epochs": 9"#), in: folder, saving: true).run()
    let begun = configuration(#""initialize": {"checkpoint": "run/checkpoints/last.safetensors"}"#)
    func loss(_ text: String) throws -> Double {
      let told = try makeTrainer(text, in: folder).rehearse()
      return try #require(Double(told.split(separator: " ").last?.dropLast() ?? ""))
    }
    #expect(try loss(begun) < loss(configuration()))
  }

  @Test func theWeightOfALossFollowsNoResult() throws {
    let found = try problems(
      """
      {"data": {"train": {"type": "csv", "path": "points.csv", "features": ["x", "y"],
                          "features_field": "point", "label": "side"}},
       "model": {"inputs": {"point": [2]}, "layers": [{"type": "dense", "name": "head", "units": 2}]},
       "training": {"batch_size": 16, "objectives": [{"name": "o", "layers": [
         {"name": "head", "type": "network", "inputs": "point"},
         {"name": "error", "type": "softmax_cross_entropy", "inputs": ["head", "label"]}],
         "minimize": {"error": {"type": "on_plateau", "initial": 1}}, "optimizer": "sgd"}]}}
      """)
    #expect(
      found.map(\.message) == [
        "the weight of the loss \"error\" cannot follow \"loss\": results of the validation change "
          + "learning rates alone"
      ])
  }

  /// Names of classes are all there are; numbers are those that happen to be in the rows.
  @Test func everyOutputStandsForAClass() throws {
    let named = circleTable(rows: 64).replacingOccurrences(of: ",1\n", with: ",up\n")
      .replacingOccurrences(of: ",0\n", with: ",down\n")
    func found(_ table: String, units: Int) throws -> [String] {
      let folder = try TemporaryFolder()
      try folder.write("named.csv", table)
      let text = configuration(validated: false, units: units)
        .replacingOccurrences(of: "points.csv", with: "named.csv")
      do {
        _ = try makeTrainer(text, in: folder).rehearse()
        return []
      } catch let error as Problems { return error.list.map(\.message) }
    }
    #expect(try found(named, units: 2) == [])
    #expect(
      try found(named, units: 3) == [
        "the data's \"label\" has 2 classes (down, up); layer \"loss\" (softmax_cross_entropy) tells 3 apart"
      ])
    #expect(
      try found(named, units: 1).first?.contains(
        "has 2 classes (down, up); layer \"loss\" (softmax_cross_entropy) can tell only 1 apart")
        == true)
    #expect(try found(circleTable(rows: 64), units: 3) == [])
  }

  @Test func outputsBeyondTheNumbersOfTheClassesAreTold() throws {
    for (units, told) in [(2, false), (3, true)] {
      let trainer = try makeTrainer(configuration(units: units), in: TemporaryFolder())
      let note = "layer \"loss\" tells 3 classes apart; the data's \"label\" has 2"
      #expect(try trainer.rehearse().contains(note) == told)
    }
  }

  @Test(arguments: [(#""freeze": ["head/*"]"#, true), (#""freeze": ["head/bias"]"#, false)])
  func anObjectiveThatChangesNothingIsToldOf(settings: String, told: Bool) throws {
    let trainer = try makeTrainer(configuration(settings), in: TemporaryFolder())
    let note = "nothing is trained: no parameter is updated that \"loss\" follows from"
    #expect(try trainer.rehearse().contains(note) == told)
  }

  /// An objective gives a network what it likes; the summary of the network goes by what it declares.
  @Test func aNetworkIsGivenWhatItDeclares() throws {
    func text(_ declared: String, _ head: String) -> String {
      """
      {"data": {"train": {"type": "csv", "path": "points.csv", "features": ["x", "y"],
                          "features_field": "point", "label": "side"}},
       "model": {"inputs": {"coordinates": \(declared)}, "layers": [
         {"type": "dense", "name": "hidden", "units": 4}, \(head)]},
       "training": {"batch_size": 16, "objectives": [{"name": "o", "layers": [
         {"name": "head", "type": "network", "inputs": "point"},
         {"name": "error", "type": "softmax_cross_entropy", "inputs": ["head", "label"]}],
         "minimize": {"error": 1}, "optimizer": "sgd"}]}}
      """
    }
    let head = #"{"type": "dense", "units": 2}"#
    _ = try makeTrainer(text("[2]", head), in: TemporaryFolder()).rehearse()
    let wrong = try problems(text("[3]", head))
    #expect(wrong.map(\.path) == ["model.inputs.coordinates"])
    #expect(
      wrong[0].message
        == "with the inputs that network \"model\" declares (\"coordinates\" [3]), \"hidden/kernel\" would be [3, 4]; "
        + "what the objectives give the network makes it [2, 4]")
    let without = try problems(text("[]", head))
    #expect(without.count == 1 && without[0].path.hasPrefix("model.layers[0]"), "\(without)")
  }

  @Test func allMistakesComeAtOnce() throws {
    let found = try problems(
      configuration(
        #"""
        "metrics": ["ssim", "best_f1"], "freeze": ["haed/*"], "checkpoint": {"best": "acc"},
        "initialize": {"checkpoint": "nowhere.safetensors"}, "samples": {"layer": "haed"}
        """#, units: 2))
    #expect(
      Set(found.map(\.path)) == [
        "training.metrics[0]", "training.metrics[1]", "training.freeze[0]",
        "training.initialize.checkpoint", "training.samples",
      ])
  }

  /// A later stage may begin with what an earlier one of the same run leaves behind.
  @Test func aCheckpointThatTheRunItselfWritesNeedNotBeThereYet() throws {
    func text(_ first: String, _ second: String) -> String {
      configuration().replacingOccurrences(
        of: #""batch_size": 16,"#,
        with: #""batch_size": 16, "stages": [{"name": "a"\#(first)}, {"name": "b"\#(second)}],"#)
    }
    let own = #", "initialize": {"checkpoint": "run/checkpoints/last.safetensors"}"#
    let folder = try TemporaryFolder()
    try makeTrainer(text("", own), in: folder, saving: true).run()
    let other = try TemporaryFolder()
    let early = try makeTrainer(text(own, ""), in: other, saving: true)
    #expect(throws: Problems.self) { try early.run() }
  }

  @Test func aRunThatCannotBeTrainedTakesNoOthersPlace() throws {
    let folder = try TemporaryFolder()
    func execute(_ configuration: String, _ start: TrainingRun.Start) throws {
      try folder.write("points.csv", circleTable(rows: 64))
      let experiment = try Experiment.load(
        folder.write("config.json", configuration), environment: [:])
      let data = try #require(experiment.data).open(seed: 0)
      try TrainingRun(
        experiment, data: data, folder: RunFolder(folder.path + "/run"), start: start,
        reporter: ProgressReporter(.silent) { _ in }, requests: TrainingRequests()
      ).execute(threads: 1)
    }
    let wrong = configuration(#""checkpoint": {"best": "acc"}"#)
    #expect(throws: Problems.self) { try execute(wrong, .fresh) }
    // Nothing was begun, so it need not be forgotten.
    try execute(configuration(), .fresh)
    #expect(throws: Problems.self) { try execute(wrong, .anew) }
    #expect(RunFolder(folder.path + "/run").hasCheckpoint)
  }
}
