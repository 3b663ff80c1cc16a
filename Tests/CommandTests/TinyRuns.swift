import Foundation
import Testing

/// Trained checkpoints of tiny models, for the commands that come after training.
enum TinyRuns {
  /// The lines of a text, read as JSON objects.
  static func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// Trains a configuration beside the images and labels of `WrongConfig`; the run is in `run`.
  static func trained(_ config: String, _ arguments: [String] = []) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try train(config, arguments, in: folder)
    return folder
  }

  /// Trains a configuration beside some files; the run is in `run`.
  static func trained(_ config: String, _ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    try train(config, in: folder)
    return folder
  }

  /// Trains a configuration in a folder, where no other run stays; returns what people were told.
  @discardableResult
  static func train(
    _ config: String, _ arguments: [String] = [], in folder: TemporaryFolder
  ) throws -> String {
    try folder.write("run.json", config)
    let result = try Dlcli.run(
      ["train", "run.json", "--output", "run", "--threads", "1", "--overwrite"] + arguments,
      in: folder.url)
    #expect(result.status == 0, "\(result.stderr)")
    return result.stderr
  }

  /// A classifier of the rows of `t.csv` by their column y, which begins with random weights and learns nothing.
  ///
  /// - Parameters:
  ///   - more: of the training, `, "metrics": ["recall"]`.
  ///   - ofHead: more of its only layer.
  static func classifier(
    features: Int, units: Int, _ more: String = "", ofHead: String = ""
  ) -> String {
    """
    {"data": {"train": {"type": "csv", "path": "t.csv", "label": "y"}},
     "model": {"inputs": {"features": [\(features)]}, "layers": [
       {"type": "dense", "name": "logits", "units": \(units)\(ofHead)}]},
     "training": {"steps": 0, "batch_size": 3, "optimizer": "sgd"\(more),
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
    """
  }

  /// A classifier of the pictures in the folders of `p`, which begins with random weights and learns nothing.
  ///
  /// - Parameter settings: more of the reader, `, "resize": true`.
  static func pictures(_ settings: String, size: String) -> String {
    """
    {"data": {"train": {"type": "image_folder", "path": "p", "channels": 1\(settings)},
              "transforms": [{"type": "scale", "field": "image", "multiply": 0.01}]},
     "model": {"inputs": {"image": \(size)}, "layers": [
       "flatten", {"type": "dense", "name": "logits", "units": 2}]},
     "training": {"steps": 0, "batch_size": 2, "optimizer": "sgd",
       "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
    """
  }

  /// Runs a command in the folder and expects it to end well.
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let result = try Dlcli.run(arguments, in: folder.url)
    #expect(result.status == 0, "\(arguments) \(result.stderr)")
    return result.stdout
  }
}
