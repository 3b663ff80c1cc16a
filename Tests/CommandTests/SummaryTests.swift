import Foundation
import Testing

@Suite struct SummaryTests {
  /// The columns of the table: name with type, output shape, parameters; and the lines below it.
  private func summary(_ file: String) throws -> String {
    let result = try Dlcli.run(["summary", file])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stderr.isEmpty)
    return result.stdout
  }

  /// Checks the shape and the parameters of the rows, in their order, and the total.
  private func expect(_ rows: [(shape: String, parameters: String)], total: String, in text: String)
  {
    let lines = text.split(separator: "\n").map(String.init)
    let layers = lines.filter {
      $0.contains(") ") && $0.contains("(None") && !$0.contains("(input)")
    }
    #expect(layers.count == rows.count, "\(text)")
    for (line, row) in zip(layers, rows) {
      #expect(line.contains(" (None, \(row.shape)) "), "\(line)")
      #expect(line.hasSuffix(" \(row.parameters)"), "\(line)")
    }
    #expect(lines.contains("Total parameters: \(total)"), "\(text)")
  }

  @Test("Keras's convnet has Keras's shapes and parameters") func convnet() throws {
    expect(
      [
        ("26, 26, 32", "320"), ("13, 13, 32", "0"), ("11, 11, 64", "18,496"), ("5, 5, 64", "0"),
        ("3, 3, 64", "36,928"), ("576", "0"), ("64", "36,928"), ("10", "650"),
      ], total: "93,322", in: try summary("configs/models/keras-convnet.json"))
  }

  @Test("Two padded convolutions of 64x64x3") func padded() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "model.json",
      """
      {"inputs": {"image": [64, 64, 3]},
       "layers": [
         {"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": 1, "activation": "relu"},
         {"type": "max_pooling2d", "pool_size": 2},
         {"type": "conv2d", "filters": 64, "kernel_size": 3, "padding": 1, "activation": "relu"},
         {"type": "max_pooling2d", "pool_size": 2},
         {"type": "flatten"},
         {"type": "dense", "units": 10}]}
      """)
    expect(
      [
        ("64, 64, 32", "896"), ("32, 32, 32", "0"), ("32, 32, 64", "18,496"), ("16, 16, 64", "0"),
        ("16384", "0"), ("10", "163,850"),
      ], total: "183,242", in: try summary(file))
  }

  @Test("Ten filters of 5x5 over 28x28x1, padded by 2") func filters() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "model.json",
      """
      {"inputs": {"image": [28, 28, 1]},
       "layers": [{"type": "conv2d", "filters": 10, "kernel_size": 5, "padding": 2}]}
      """)
    expect([("28, 28, 10", "260")], total: "260", in: try summary(file))
  }

  @Test("The plan of the convnet is the one on record") func plan() throws {
    let result = try Dlcli.run(["summary", "--plan", "configs/models/keras-convnet.json"])
    #expect(result.status == 0)
    try expectSnapshot(result.stdout, "keras-convnet-plan.txt")
  }

  @Test("The help is the one on record") func help() throws {
    let result = try Dlcli.run(["--help"])
    #expect(result.status == 0)
    #expect(result.stderr.isEmpty)
    try expectSnapshot(result.stdout, "help.txt")
  }

  @Test("Every configuration that comes with dlcli has a summary", arguments: Configs.withData)
  func everyConfiguration(config: String) throws {
    let result = try Dlcli.run(["summary", config], environment: Configs.environment)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout.contains("Memory") || result.stdout.contains("memory"))
  }

  @Test("Rows that the networks do not tell of are looked up in the data") func rowsOfData() throws
  {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    // Only the data tell that an image has two axes of four pixels and a channel, and noise is no field at all.
    let config = """
      {"data": {"train": {"type": "idx", "images": "images.idx", "labels": "labels.idx"}},
       "model": {"networks": {
         "coder": {"inputs": {"x": [16]}, "layers": [{"type": "dense", "units": 16}]},
         "maker": {"inputs": {"noise": [16]}, "layers": [{"type": "dense", "units": 16}]}}},
       "training": {"batch_size": 4, "objectives": [{"name": "o", "layers": [
         {"name": "flat", "type": "flatten", "inputs": "image"},
         {"name": "noise", "type": "gaussian_noise", "stddev": 1, "inputs": "flat"},
         {"name": "code", "type": "network", "network": "coder", "inputs": "noise"},
         {"name": "made", "type": "network", "network": "maker", "inputs": "code"},
         {"name": "picture", "type": "reshape", "target_shape": [4, 4, 1], "inputs": "made"},
         {"name": "error", "type": "mean_squared_error", "inputs": ["picture", "image"]}],
         "minimize": {"error": 1}, "optimizer": "sgd"}]}}
      """
    let file = try folder.write("run.json", config)
    #expect(try summary(file).contains("maker"))
    let absent = try folder.write(
      "absent.json", config.replacingOccurrences(of: "images.idx", with: "image.idx"))
    let result = try Dlcli.run(["summary", absent])
    #expect(result.status == 78 && result.stderr.contains("image.idx"), "\(result.stderr)")
  }

  @Test("What an objective's own layer makes of a field is as large as the data have it")
  func fieldsThatNoNetworkReads() throws {
    let folder = try TemporaryFolder()
    try folder.write("t.csv", "a,b,c,d\n" + (0..<4).map { "\($0),1,2,3\n" }.joined())
    let file = try folder.write(
      "run.json",
      """
      {"data": {"train": {"type": "csv", "path": "t.csv", "features": ["a", "b"], "features_field": "x",
                          "targets": ["b", "c", "d"], "target_field": "more"}},
       "model": {"inputs": {"x": [2]}, "layers": [{"type": "dense", "units": 2}]},
       "training": {"batch_size": 2, "objectives": [{"name": "o", "layers": [
         {"type": "dense", "name": "wide", "inputs": ["more"], "units": 64},
         {"type": "network", "name": "made", "inputs": ["x"]},
         {"type": "dense", "name": "as_wide", "inputs": ["made"], "units": 64},
         {"type": "mean_squared_error", "name": "far", "inputs": ["wide", "as_wide"]}],
         "minimize": {"far": 1}, "optimizer": "sgd"}]}}
      """)
    // 3 x 64 and 64, 2 x 64 and 64, and two lines of the cache for the network.
    #expect(try summary(file).contains("weights        1.9 KiB"))
    try FileManager.default.removeItem(atPath: folder.path("t.csv"))
    // What is not there is thought of as like the prediction.
    #expect(try summary(file).contains("weights        1.6 KiB"))
  }

  @Test("A flag that is not is wrong usage") func usage() throws {
    let result = try Dlcli.run(["train", "x.json", "--nonsense"])
    #expect(result.status == 64)
    #expect(result.stdout.isEmpty)
    #expect(result.stderr.contains("--nonsense"))
  }
}
