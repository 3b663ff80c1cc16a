import Datasets
import Foundation
import Settings
import TensorCore
import Testing
import Training

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dlcli-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }
}

/// Points in the plane on a circle, of two classes: above and below.
func circleTable(rows: Int) -> String {
  let random = RandomStream(seed: 5, name: "circle")
  let lines = (0..<rows).map { row in
    let angle = 2 * Double.pi * random.uniform(row)
    return "\(cos(angle)),\(sin(angle)),\(sin(angle) > 0 ? 1 : 0)"
  }
  return (["x,y,side"] + lines).joined(separator: "\n") + "\n"
}

/// A trainer for a configuration given as text, over a table of points.
func makeTrainer(
  _ configuration: String, in folder: TemporaryFolder, rows: Int = 64, threads: Int = 1,
  saving: Bool = false, requests: TrainingRequests = TrainingRequests(),
  observer: (any TrainingObserver)? = nil
) throws -> Trainer {
  try folder.write("points.csv", circleTable(rows: rows))
  let path = try folder.write("config.json", configuration)
  let experiment = try Experiment.load(path, environment: [:])
  let data = try #require(experiment.data).open(seed: experiment.seed)
  let run = RunFolder(folder.path + "/run")
  if saving { try run.create() }
  return try Trainer(
    experiment, data: data, folder: saving ? run : nil, threads: threads, requests: requests,
    observer: observer)
}

extension Trainer {
  /// The values of all parameters and states, by name.
  var snapshot: [String: [Float]] {
    Dictionary(uniqueKeysWithValues: engine.store.tensors.map { ($0.name, $0.view.elements) })
  }
}
