import Foundation
import Testing

/// What reading a configuration can tell comes at once, whatever part of it is wrong.
@Suite struct OneRoundTests {
  /// What is wrong in the data's settings, the model, the training, the environment and on the command line.
  @Test("All that reading can tell comes in one round") func oneRound() throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(
      "run.json",
      """
      {"data": {"train": {"type": "csv", "path": "${env:DLCLI_NOWHERE}/x.csv", "targets": ["y"]},
                "transforms": [{"type": "random_rotation", "field": "features"}]},
       "model": {"networks": {
         "a": {"inputs": {"features": [1]}, "layers": [{"type": "dens", "units": 1}]},
         "b": {"inputs": {"features": [1]}, "layers": [
           {"type": "dense", "units": 4}, {"type": "reshape", "target_shape": [3]}]}}},
       "training": {"epochs": "${env:DLCLI_NOTHING}", "batch_size": 1, "checkpont": {},
         "metrics": ["mean_iou"], "objectives": [
           {"name": "o", "layers": [{"type": "network", "network": "a"}, {"type": "denze", "units": 1}],
            "minimize": {"e": 1}, "optimizer": "lion"}]}}
      """)
    let result = try Dlcli.run(["train", config, "--dry-run", "--set", "seed"])
    #expect(result.status == 78)
    for wrong in [
      "DLCLI_NOWHERE is not set", "DLCLI_NOTHING is not set", "\"random_rotation\"", "\"dens\"",
      "checkpont: unknown key", "\"mean_iou\"", "\"denze\"", "\"lion\"", "--set:1:1",
    ] { #expect(result.stderr.contains(wrong), "\(wrong): \(result.stderr)") }
    // What follows from a variable that is not set is not told beside it.
    #expect(!result.stderr.contains("epochs: expected"), "\(result.stderr)")
    let short = try folder.write(
      "short.json",
      """
      {"data": {"train": {"type": "csv", "path": "x.csv", "targets": ["y"], "label": "z"},
                "transforms": [{"type": "random_rotation", "field": "features"}]},
       "model": {"inputs": {"features": [1]}, "layers": [
         {"type": "dense", "name": "d", "units": 4}, {"type": "reshape", "target_shape": [3]}]},
       "training": {"epochs": 2, "batch_size": 1, "metrics": ["mean_iou"], "optimizer": "lion",
         "loss": {"type": "dice", "prediction": "dd", "target": "target"}}}
      """)
    let other = try Dlcli.run(["train", short, "--dry-run"])
    #expect(other.status == 78)
    for wrong in [
      "\"random_rotation\"", "(reshape)", "\"mean_iou\"", "\"lion\"", "unknown loss \"dice\"",
    ] { #expect(other.stderr.contains(wrong), "\(wrong): \(other.stderr)") }
    let prediction = try folder.write(
      "prediction.json",
      try String(contentsOfFile: short, encoding: .utf8)
        .replacingOccurrences(of: "\"dice\"", with: "\"huber\"")
        .replacingOccurrences(of: "\"lion\"", with: "\"sgd\"")
        .replacingOccurrences(of: "\"mean_iou\"", with: "\"ssim\""))
    let last = try Dlcli.run(["train", prediction, "--dry-run"])
    for wrong in ["\"random_rotation\"", "(reshape)", "no layer is called \"dd\""] {
      #expect(last.stderr.contains(wrong), "\(wrong): \(last.stderr)")
    }
  }

  @Test("A model in a file of its own is read beside the mistakes around it") func modelFile()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write(
      "model.json", #"{"inputs": {"x": [1]}, "layers": [{"type": "dens", "units": 1}]}"#)
    let config = """
      {"data": {"train": {"type": "csv", "path": "x.csv", "targets": ["y"]}}, "model": "MODEL",
       "training": {"epocs": 2, "batch_size": 1, "optimizer": "sgd",
         "loss": {"type": "huber", "prediction": "d", "target": "target"}}}
      """
    try folder.write("cut.json", #"{"inputs": "#)
    for (model, wrong) in [("model.json", "\"dens\""), ("cut.json", "cut.json:1:12")] {
      let file = try folder.write(
        "run.json", config.replacingOccurrences(of: "MODEL", with: model))
      let result = try Dlcli.run(["train", file, "--dry-run"])
      #expect(result.status == 78)
      #expect(
        result.stderr.contains(wrong) && result.stderr.contains("epocs: unknown key"),
        "\(result.stderr)")
    }
    let file = try folder.write(
      "run.json", config.replacingOccurrences(of: "MODEL", with: "absent.json"))
    let absent = try Dlcli.run(["train", file, "--dry-run"])
    #expect(absent.status == 66 && absent.stderr.contains("absent.json"), "\(absent.stderr)")
  }
}
