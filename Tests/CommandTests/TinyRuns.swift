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
    try folder.write("run.json", config)
    let result = try Dlcli.run(
      ["train", "run.json", "--output", "run", "--threads", "1"] + arguments, in: folder.url)
    #expect(result.status == 0, "\(result.stderr)")
    return folder
  }

  /// Runs a command in the folder and expects it to end well.
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let result = try Dlcli.run(arguments, in: folder.url)
    #expect(result.status == 0, "\(arguments) \(result.stderr)")
    return result.stdout
  }
}
