import Foundation
import Testing

/// generate, and the samples that training shows.
@Suite struct GenerationTests {
  /// A network that makes images of 4 x 4 of noise and a class.
  static let conditional = """
    {"name": "made", "seed": 5,
     "data": {"train": {"type": "idx", "images": "images.idx", "labels": "labels.idx"},
              "transforms": [{"type": "scale", "field": "image", "divide": 255},
                             {"type": "one_hot", "field": "label"}]},
     "model": {"networks": {"generator": {
       "inputs": {"noise": [4], "label": [3]},
       "layers": [{"type": "concatenate", "inputs": ["noise", "label"]},
                  {"type": "dense", "units": 16, "activation": "sigmoid"},
                  {"type": "reshape", "target_shape": [4, 4, 1]}]}}},
     "training": {"epochs": 3, "batch_size": 4, SAMPLES "objectives": [
       {"name": "imitation",
        "layers": [{"name": "noise", "type": "random_normal", "shape": [4]},
                   {"name": "made", "type": "network", "network": "generator",
                    "inputs": ["noise", "label"]},
                   {"name": "far", "type": "mean_squared_error", "inputs": ["made", "image"]}],
        "minimize": {"far": 1}, "optimizer": {"type": "adam", "learning_rate": 0.01}}]}}
    """

  private func trained(samples: String = "") throws -> TemporaryFolder {
    try TinyRuns.trained(Self.conditional.replacingOccurrences(of: "SAMPLES", with: samples))
  }

  private func generate(
    _ arguments: [String], _ file: String, in folder: TemporaryFolder
  ) throws -> Data {
    let printed = try TinyRuns.run(
      ["generate", "run", "--output", file] + arguments, in: folder)
    #expect(printed.isEmpty)
    return try Data(contentsOf: folder.url.appendingPathComponent(file))
  }

  @Test("Samples follow from the seed and the row alone") func seeds() throws {
    let folder = try trained()
    let twelve = try generate(["--count", "12"], "twelve.npy", in: folder)
    #expect(try generate(["--count", "12", "--threads", "3"], "same.npy", in: folder) == twelve)
    let five = try generate(["--count", "5"], "five.npy", in: folder)
    let rows = 5 * 16 * 4
    #expect(five.suffix(rows) == twelve.suffix(12 * 16 * 4).prefix(rows))
    let other = try generate(["--count", "12", "--seed", "1"], "other.npy", in: folder)
    #expect(other.count == twelve.count && other != twelve)
  }

  @Test("An interpolation goes from one row to the other") func interpolation() throws {
    let folder = try trained()
    let row = 16 * 4
    let ends = try generate(["--count", "4", "--label", "2"], "ends.npy", in: folder)
      .suffix(4 * row)
    let path = try generate(
      ["--interpolate", "0..3", "--count", "5", "--label", "2"], "path.npy", in: folder
    ).suffix(5 * row)
    #expect(path.prefix(row) == ends.prefix(row) && path.suffix(row) == ends.suffix(row))
    #expect(path.dropFirst(row).prefix(row) != ends.prefix(row))
  }

  @Test("What is generated is data for another checkpoint, class by class") func recognised() throws
  {
    let folder = try trained()
    let images = try generate(
      ["--count", "7", "--labels-output", "made-labels.idx"], "made.idx", in: folder)
    #expect(images.prefix(16) == Data([0, 0, 8, 3, 0, 0, 0, 7, 0, 0, 0, 4, 0, 0, 0, 4]))
    let labels = try Data(contentsOf: folder.url.appendingPathComponent("made-labels.idx"))
    #expect(labels == Data([0, 0, 8, 1, 0, 0, 0, 7, 0, 1, 2, 0, 1, 2, 0]))
    try folder.write("classifier.json", WrongConfig.good)
    _ = try TinyRuns.run(["train", "classifier.json", "--output", "classifier"], in: folder)
    let found = try TinyRuns.objects(
      TinyRuns.run(["predict", "classifier", "--input", "made.idx"], in: folder))
    #expect(found.count == 7)
    let evaluated = try Dlcli.run(
      [
        "eval", "classifier", "--set", "data.train.images=made.idx",
        "--set", "data.train.labels=made-labels.idx",
      ], in: folder.url)
    #expect(evaluated.status == 0, "\(evaluated.stderr)")
    // One class alone.
    _ = try generate(
      ["--count", "3", "--label", "1", "--labels-output", "ones.idx"], "ones.idx.gz", in: folder)
    #expect(
      try Data(contentsOf: folder.url.appendingPathComponent("ones.idx")).suffix(3)
        == Data([1, 1, 1]))
  }

  @Test("Codes go back to where they came from") func codes() throws {
    let folder = try TinyRuns.trained(WrongConfig.good)
    _ = try TinyRuns.run(["pca", "run.json", "--components", "3", "--output", "pca"], in: folder)
    _ = try TinyRuns.run(
      ["encode", "pca", "--network", "encoder", "--output", "codes.npy"], in: folder)
    _ = try TinyRuns.run(
      ["generate", "pca", "--codes", "codes.npy", "--output", "back.npy"], in: folder)
    let copies = try TinyRuns.objects(TinyRuns.run(["predict", "pca"], in: folder)).flatMap {
      try #require($0["output"] as? [[[Double]]]).flatMap { $0 }.flatMap { $0 }
    }
    let bytes = try Data(contentsOf: folder.url.appendingPathComponent("back.npy"))
      .suffix(4 * copies.count)
    try #require(copies.count == 8 * 16)
    bytes.withUnsafeBytes { bytes in
      for (index, copy) in copies.enumerated() {
        let value = bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
        #expect(abs(Double(value) - copy) < 1e-3)
      }
    }
  }

  @Test("Training shows what generate makes of its checkpoint, and is the same with and without")
  func samples() throws {
    let samples = """
      "samples": {"network": "generator", "count": 6, "columns": 3, "every_epochs": 2},
      """
    let folder = try trained(samples: samples)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("run/samples"))
    #expect(names.sorted() == ["generator-step-4.png", "generator-step-6.png"])
    let last = try generate(["--grid", "2x3", "--seed", "5"], "last.png", in: folder)
    // There is no validation, so the last checkpoint is the only one.
    #expect(
      try Data(contentsOf: folder.url.appendingPathComponent("run/samples/generator-step-6.png"))
        == last)
    let events = try FileManager.default.contentsOfDirectory(atPath: folder.path("run"))
      .filter { $0.contains("tfevents") }
    let event = try Data(contentsOf: folder.url.appendingPathComponent("run/\(events[0])"))
    #expect(event.range(of: Data("samples/generator".utf8)) != nil && event.range(of: last) != nil)
    let plain = try trained()
    #expect(
      try String(contentsOfFile: folder.path("run/metrics.csv"), encoding: .utf8)
        == String(contentsOfFile: plain.path("run/metrics.csv"), encoding: .utf8))
  }

  @Test("Without a network, samples are rows above their reconstructions") func reconstructions()
    throws
  {
    let folder = try trained(samples: "\"samples\": {\"count\": 4, \"columns\": 4},")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("run/samples"))
    #expect(names.count == 3 && names.contains("prediction-step-2.png"))
  }

  @Test("What cannot be generated is said") func mistakes() throws {
    let folder = try trained()
    let cases: [([String], Int32, String)] = [
      (["--output", "a.txt"], 64, ".npy"),
      (["--output", "a.npy", "--label", "3"], 78, "there is no class 3"),
      (["--output", "a.npy", "--network", "generater"], 78, "did you mean \"generator\""),
      (["--output", "a.npy", "--interpolate", "1-2"], 64, "1-2"),
      (["--output", "a.npy", "--codes", "no.npy"], 66, "no.npy"),
      (["--output", "no/a.png"], 73, "no/a.png"),
      (["--output", "a.npy", "--count", "0"], 64, "from 1"),
    ]
    for (arguments, status, message) in cases {
      let result = try Dlcli.run(["generate", "run"] + arguments, in: folder.url)
      #expect(result.status == status, "\(arguments): \(result.stderr)")
      #expect(result.stderr.contains(message), "\(arguments): \(result.stderr)")
    }
    try folder.write(
      "wrong.json",
      Self.conditional.replacingOccurrences(
        of: "SAMPLES", with: "\"samples\": {\"network\": \"generater\"},"))
    for arguments in [["--dry-run"], []] {
      let result = try Dlcli.run(
        ["train", "wrong.json", "--output", "wrong"] + arguments, in: folder.url)
      #expect(result.status == 78 && result.stderr.contains("training.samples"), "\(result.stderr)")
      #expect(result.stderr.contains("did you mean \"generator\""))
      try? FileManager.default.removeItem(atPath: folder.path("wrong"))
    }
  }
}
