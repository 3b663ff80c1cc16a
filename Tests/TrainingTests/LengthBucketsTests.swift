import Datasets
import Foundation
import Settings
import Synchronization
import TensorCore
import Testing
import Training

/// Batches of rows of about the same length.
@Suite struct LengthBucketsTests {
  /// Lines of 1 to 12 words, each the one that comes after the one before in a circle of three.
  private func makeRun(
    _ folder: TemporaryFolder, _ training: String, isMasked: Bool = true, layers: String = "",
    saving: Bool = false, requests: TrainingRequests = TrainingRequests(),
    observer: (any TrainingObserver)? = nil
  ) throws -> Trainer {
    let random = RandomStream(seed: 8, name: "lines")
    let lines = (0..<50).map { line in
      let words = (0...random.integer(line, below: 12)).map { ["a", "b", "c"][(line + $0) % 3] }
      return words.joined(separator: " ")
    }
    try folder.write("lines.txt", lines.joined(separator: "\n") + "\n")
    let data = """
      {"type": "table", "path": "lines.txt", "format": "lines", "texts":
        {"word": {"length": 13, "next_field": "next", "tokenizer": {"type": "words"}}}}
      """
    return try makeTrainer(
      """
      {"seed": 3, "data": {"train": \(data), "validation": \(data)},
       "model": {"inputs": {"word": [13]}, "layers": [
         {"type": "embedding", "input_dim": 7, "output_dim": 4, "mask_zero": \(isMasked)},
         \(layers)
         {"type": "gru", "units": 6, "return_sequences": true},
         {"type": "dense", "name": "logits", "units": 7}]},
       "training": {"batch_size": 8, \(training),
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"},
         "metrics": ["accuracy", "perplexity", "sequence_accuracy", "f1"],
         "optimizer": {"type": "adam", "learning_rate": 0.02}}}
      """, in: folder, saving: saving, requests: requests, observer: observer)
  }

  @Test func resultsAreThoseOfWholeBatches() throws {
    func results(_ training: String) throws -> [MetricResult] {
      let record = Record()
      try makeRun(TemporaryFolder(), training + "\"steps\": 1", observer: record).run()
      return try #require(record.evaluations.last?.results)
    }
    // One step, of rate 0: the initial weights.
    let frozen = "\"freeze\": [\"*\"], "
    let whole = try results(frozen)
    let sorted = try results(frozen + "\"length_buckets\": 4, ")
    #expect(whole.map(\.name) == sorted.map(\.name))
    for (one, other) in zip(whole, sorted) {
      #expect(abs(one.value - other.value) < 1e-5 * max(1, abs(one.value)), "\(one.name)")
    }
  }

  @Test func theModelLearns() throws {
    let record = Record()
    let run = try makeRun(
      TemporaryFolder(), "\"epochs\": 30, \"length_buckets\": 3", observer: record)
    try run.run()
    let losses = record.evaluations.compactMap { facts in
      facts.results.first { $0.name == "loss" }?.value
    }
    #expect((losses.last ?? .nan) < 0.8 * (losses.first ?? .nan))
  }

  @Test(arguments: [2, 9]) func aResumedRunGoesOn(stop: Int) throws {
    let folder = try TemporaryFolder()
    let training = "\"epochs\": 2, \"length_buckets\": 3, \"gradient_accumulation\": 2"
    let file = folder.path + "/run/checkpoints/last.safetensors"
    try makeRun(folder, training, saving: true).run()
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    let steps = Atomic<Int>(0)
    let requests = TrainingRequests(stops: {
      steps.wrappingAdd(1, ordering: .relaxed).newValue == stop
    })
    do {
      try makeRun(folder, training, saving: true, requests: requests).run()
    } catch TrainingStop.interrupted {}
    let second = try makeRun(folder, training, saving: true)
    try second.resume(from: Checkpoint(file))
    try second.run()
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == whole)
  }

  @Test func whatDependsOnTheLengthIsSaid() throws {
    let error = #expect(throws: Problems.self) {
      try makeRun(
        TemporaryFolder(), "\"epochs\": 1, \"length_buckets\": 3", isMasked: false,
        layers: "{\"type\": \"reshape\", \"target_shape\": [13, 4]},")
    }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("steps, by \"length_buckets\""))
    let positions = #expect(throws: Problems.self) {
      try makeRun(
        TemporaryFolder(), "\"epochs\": 1, \"length_buckets\": 3",
        layers: "{\"type\": \"position_embedding\"},")
    }
    let otherMessage = positions.map { "\($0)" } ?? ""
    #expect(otherMessage.contains("length_buckets"))
  }

  @Test func rowsOfOneLengthHaveNoBuckets() throws {
    let error = #expect(throws: Problems.self) {
      try makeTrainer(
        """
        {"data": {"train": {"type": "csv", "path": "points.csv", "features": ["x", "y"], "label": "side"}},
         "model": {"inputs": {"features": [2]}, "layers": [{"type": "dense", "name": "logits", "units": 2}]},
         "training": {"batch_size": 8, "epochs": 1, "length_buckets": 2,
           "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"},
           "optimizer": "sgd"}}
        """, in: TemporaryFolder())
    }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains("no field of the data is padded"))
  }
}
