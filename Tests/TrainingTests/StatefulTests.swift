import Datasets
import Foundation
import Synchronization
import Testing
import Training

/// Recurrent layers that go on from batch to batch.
@Suite struct StatefulTests {
  private func config(
    layer: String, stateful: Bool, length: Int, batch: Int, training: String
  ) -> String {
    """
    {"seed": 3,
     "data": {"train": {"type": "text", "path": "text.txt", "length": \(length)},
              "validation": {"type": "text", "path": "text.txt", "length": \(length)}},
     "model": {"inputs": {"tokens": [\(length)]}, "layers": [
       {"type": "embedding", "input_dim": 5, "output_dim": 4},
       {"type": "\(layer)", "units": 6, "return_sequences": true, "stateful": \(stateful)},
       {"type": "dense", "name": "logits", "units": 5}]},
     "training": {"batch_size": \(batch), \(training),
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "next"},
       "optimizer": {"type": "sgd", "learning_rate": 0.5}}}
    """
  }

  /// A text of 5 letters, 97 long.
  private func makeRun(
    _ folder: TemporaryFolder, layer: String = "lstm", stateful: Bool = true, length: Int = 8,
    batch: Int = 1, training: String, saving: Bool = false,
    requests: TrainingRequests = TrainingRequests(), observer: (any TrainingObserver)? = nil
  ) throws -> Trainer {
    let letters = Array("abcde")
    let text = (0..<97).map { letters[($0 * $0 + $0 / 3) % 5] }
    try folder.write("text.txt", String(text))
    return try makeTrainer(
      config(layer: layer, stateful: stateful, length: length, batch: batch, training: training),
      in: folder, saving: saving, requests: requests, observer: observer)
  }

  @Test(arguments: ["lstm", "gru"]) func aTextSplitAnywhereHasTheSameLoss(_ layer: String) throws {
    func loss(_ length: Int, stateful: Bool) throws -> Double {
      let record = Record()
      try makeRun(
        TemporaryFolder(), layer: layer, stateful: stateful, length: length,
        training: "\"steps\": 1, \"clip_value\": 1e-30", observer: record
      ).run()
      return try #require(record.evaluations.last?.results.first { $0.name == "loss" }?.value)
    }
    let whole = try loss(96, stateful: true)
    for length in [4, 8, 16, 48] {
      #expect(abs(try loss(length, stateful: true) - whole) < 1e-6)
      #expect(abs(try loss(length, stateful: false) - whole) > 1e-5)
    }
  }

  /// A window that covers the text gives the gradients of full back-propagation.
  @Test func truncationBehindTheTextChangesNothing() throws {
    let runs = try [true, false].map { stateful in
      let run = try makeRun(
        TemporaryFolder(), stateful: stateful, length: 96, training: "\"steps\": 3")
      try run.run()
      return run.snapshot
    }
    #expect(runs[0] == runs[1])
  }

  @Test func everyRowGoesOnWithItsOwnStretch() {
    let sequence = BatchSequence(
      count: 11, batchSize: 4, shuffledBy: 1, dropsRemainder: true, continues: true)
    #expect(sequence.batches == 2)
    #expect(sequence.rows(at: .init(batch: 0)) == [0, 2, 4, 6])
    #expect(sequence.rows(at: .init(batch: 1)) == [1, 3, 5, 7])
    let all = BatchSequence(count: 10, batchSize: 4, shuffledBy: nil, continues: true)
    #expect(
      (0..<3).map { all.rows(at: .init(batch: $0)) } == [[0, 3, 6, 9], [1, 4, 7], [2, 5, 8]])
    #expect(all.shapes == [BatchShape(rows: 4), BatchShape(rows: 3)])
  }

  /// What is carried is part of a checkpoint.
  @Test(arguments: [1, 3, 4, 7]) func aResumedRunGoesOnWithItsStates(stop: Int) throws {
    let folder = try TemporaryFolder()
    let training = "\"epochs\": 3"
    func bytes() throws -> Data {
      try Data(
        contentsOf: URL(fileURLWithPath: folder.path + "/run/checkpoints/last.safetensors"))
    }
    try makeRun(folder, batch: 3, training: training, saving: true).run()
    let whole = try bytes()
    let steps = Atomic<Int>(0)
    let requests = TrainingRequests(stops: {
      steps.wrappingAdd(1, ordering: .relaxed).newValue == stop
    })
    do {
      try makeRun(folder, batch: 3, training: training, saving: true, requests: requests).run()
    } catch TrainingStop.interrupted {}
    let second = try makeRun(folder, batch: 3, training: training, saving: true)
    try second.resume(from: Checkpoint(folder.path + "/run/checkpoints/last.safetensors"))
    try second.run()
    #expect(try bytes() == whole)
  }

  @Test func partsOfABatchAreRefused() {
    #expect(throws: (any Error).self) {
      try makeRun(
        TemporaryFolder(), batch: 2, training: "\"epochs\": 1, \"gradient_accumulation\": 2")
    }
  }
}
