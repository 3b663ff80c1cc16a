import Foundation
import Settings
import Synchronization
import Testing

@testable import Training

@Suite struct ResumingTests {
  static let configuration = """
    {"seed": 2,
     "data": {"train": {"type": "csv", "path": "points.csv",
                        "features": ["x", "y"], "features_field": "point", "label": "side"},
              "validation": {"type": "csv", "path": "points.csv",
                        "features": ["x", "y"], "features_field": "point", "label": "side", "slice": [0, 30]}},
     "model": {"inputs": {"point": [2]}, "layers": [
       {"type": "dense", "units": 8}, {"type": "batch_normalization", "activation": "relu"},
       {"type": "dropout", "rate": 0.3}, {"type": "dense", "name": "head", "units": 2}]},
     "training": {"batch_size": 16, "moving_average": 0.95,
       "loss": {"type": "softmax_cross_entropy", "prediction": "head", "target": "label"},
       "metrics": ["accuracy"],
       "optimizer": {"type": "adam", "learning_rate": {"type": "on_plateau", "initial": 0.05, "patience": 1}},
       "stages": [{"epochs": 3}, {"epochs": 2, "freeze": ["dense_1/*"]}]}}
    """

  private func bytes(of folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path + "/run/checkpoints/last.safetensors"))
  }

  /// Stopped after any step and resumed, a run ends in the same bits as one that was never stopped.
  @Test(arguments: [1, 2, 4, 5, 9, 14, 15, 16, 20, 24])
  func aResumedRunEndsInTheSameBits(stop: Int) throws {
    let folder = try TemporaryFolder()
    try makeTrainer(Self.configuration, in: folder, rows: 70, saving: true).run()
    let whole = try bytes(of: folder)
    let steps = Atomic<Int>(0)
    let requests = TrainingRequests(stops: {
      steps.wrappingAdd(1, ordering: .relaxed).newValue == stop
    })
    let first = try makeTrainer(
      Self.configuration, in: folder, rows: 70, saving: true, requests: requests)
    do {
      try first.run()
    } catch TrainingStop.interrupted {}
    let second = try makeTrainer(Self.configuration, in: folder, rows: 70, threads: 2, saving: true)
    try second.resume(from: Checkpoint(folder.path + "/run/checkpoints/last.safetensors"))
    try second.run()
    #expect(try bytes(of: folder) == whole)
  }

  /// A checkpoint of an earlier version says nothing of settings that came later.
  @Test func aCheckpointWithoutTheNewerSettingsIsOfTheSameRun() throws {
    let folder = try TemporaryFolder()
    try makeTrainer(Self.configuration, in: folder, rows: 70, saving: true).run()
    let document = try Checkpoint(folder.path + "/run/checkpoints/last.safetensors").document
    let policy = #""on_bad_row": "error""#
    #expect(document.text().contains(policy))
    func checkpoint(_ text: String) throws -> Checkpoint {
      let path = folder.path + "/other.safetensors"
      try Checkpoint.write(
        path, document: JSONParser.parse(Array(text.utf8), file: "document"), progress: Progress(),
        fields: [], tensors: [])
      return try Checkpoint(path)
    }
    let older = document.text().replacingOccurrences(of: policy + ", ", with: "")
    #expect(!older.contains(policy))
    #expect(try checkpoint(older).isOf(document))
    let other = older.replacingOccurrences(of: #""seed": 2"#, with: #""seed": 3"#)
    #expect(try !checkpoint(other).isOf(document))
  }
}
