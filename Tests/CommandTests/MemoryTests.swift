import Formats
import Foundation
import Testing

/// Models larger than the machine are refused before anything is reserved.
@Suite struct MemoryTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try folder.write("run.json", WrongConfig.good)
    return folder
  }

  @Test(
    "A model that does not fit is refused by train and by --dry-run, with its largest layers",
    arguments: [["--dry-run"], []])
  func layers(options: [String]) throws {
    let folder = try folder()
    try folder.write(
      "run.json",
      WrongConfig.good.replacingOccurrences(
        of: "{\"type\": \"dense\"",
        with:
          "{\"type\": \"dense\", \"name\": \"wide\", \"units\": 1000000000}, {\"type\": \"dense\""))
    let result = try Dlcli.run(["train", "run.json", "--output", "run"] + options, in: folder.url)
    #expect(result.status == 78)
    // 8 inputs and a bias for a thousand million units, and three units of as many.
    #expect(
      result.stderr.contains("error: this takes ")
        && result.stderr.contains(" GiB of memory (weights 44.7"),
      "\(result.stderr)")
    #expect(result.stderr.contains("the largest layers: \"wide\" (dense) "), "\(result.stderr)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }

  @Test("More generated rows than there is memory for are refused") func rows() throws {
    let folder = try TinyRuns.trained(
      GenerationTests.conditional.replacingOccurrences(of: "SAMPLES", with: ""))
    for file in ["made.npy", "made.png"] {
      let result = try Dlcli.run(
        ["generate", "run", "--count", "10000000", "--output", file, "--threads", "1"],
        megabytes: 1500, in: folder.url)
      #expect(result.status == 78, "\(result.status) \(result.stderr)")
      #expect(
        result.stderr.contains("10000000 rows [4, 4, 1] take 1.79 GiB of memory"),
        "\(result.stderr)")
      #expect(!FileManager.default.fileExists(atPath: folder.path(file)))
    }
  }

  static let readers: [(name: String, reader: String)] = [
    ("csv", #"{"type": "csv", "path": "FILE"}"#),
    (
      "table",
      #"{"type": "table", "path": "FILE", "format": "lines", "texts": {"t": {"length": 4}}}"#
    ),
    ("columns", #"{"type": "columns", "path": "FILE"}"#),
    ("series", #"{"type": "series", "path": "FILE", "columns": ["a"], "length": 3, "horizon": 1}"#),
    ("text", #"{"type": "text", "path": "FILE", "length": 8}"#),
    ("idx", #"{"type": "idx", "images": "FILE", "labels": "labels.idx"}"#),
    ("npy", #"{"type": "npy", "features": "FILE"}"#),
    ("image_archive", #"{"type": "image_archive", "path": "FILE"}"#),
  ]

  /// Files of zeros that take no room on the disk: one of 3 GiB, one that unpacks to as many.
  private func largeFiles(in folder: TemporaryFolder) throws {
    let large = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("large", "")))
    try large.truncate(atOffset: 1 << 30)
    let member = try Gzip.compress([UInt8](repeating: 0, count: 32 << 20), file: "zeros.gz")
    try folder.write("packed", (0..<32).flatMap { _ in member })
  }

  @Test("Files that are larger than the memory, as they are or unpacked, are refused")
  func files() throws {
    let folder = try folder()
    try largeFiles(in: folder)
    for (file, what) in [("large", "the file has 1.0 GiB"), ("packed", "unpacks to at least ")] {
      for (name, reader) in Self.readers {
        try folder.write(
          "\(name).json",
          """
          {"data": {"train": \(reader.replacingOccurrences(of: "FILE", with: file))},
           "model": {"inputs": {"a": [1]}, "layers": [{"type": "dense", "units": 1}]},
           "training": {"batch_size": 1, "objectives": [{"name": "o",
             "layers": [{"type": "random_normal", "name": "x", "shape": [2]},
                        {"type": "l1_activity", "name": "end"}],
             "minimize": {"end": 1}, "optimizer": "sgd"}]}}
          """)
        let result = try Dlcli.run(
          ["train", "\(name).json", "--dry-run", "--threads", "1"], megabytes: 700, in: folder.url)
        #expect(result.status == 74, "\(name) of \(file): \(result.status) \(result.stderr)")
        #expect(
          result.stderr.contains("\(file): \(what)")
            && result.stderr.contains("of memory are left under the limit of this process"),
          "\(name) of \(file): \(result.stderr)")
      }
    }
  }

  /// 20 MB of text become some 300 MB of numbers and places.
  @Test("A table whose numbers are larger than the memory is refused, whatever is left")
  func tables() throws {
    let folder = try folder()
    try folder.write("t.csv", "a,y\n" + String(repeating: "1,0\n2,1\n", count: 2_500_000))
    try folder.write(
      "run.json",
      """
      {"data": {"train": {"type": "csv", "path": "t.csv", "label": "y"}},
       "model": {"inputs": {"features": [1]}, "layers": [{"type": "dense", "name": "logits", "units": 2}]},
       "training": {"batch_size": 1, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
      """)
    let statuses = try [350, 450, 550, 650, 1500].map { megabytes in
      let result = try Dlcli.run(
        ["train", "run.json", "--dry-run", "--threads", "1"], megabytes: megabytes, in: folder.url)
      #expect(
        result.status == 0
          || result.status == 74 && result.stderr.contains(" of memory are left under the limit"),
        "\(megabytes) MB: \(result.status) \(result.stderr.suffix(500))")
      return result.status
    }
    #expect(statuses.first == 74 && statuses.last == 0, "\(statuses)")
  }

  /// The limit leaves room for the program, but not for the weights of millions of filters.
  @Test("The limit of a process counts") func limit() throws {
    let folder = try folder()
    let result = try Dlcli.run(
      [
        "train", "run.json", "--output", "run", "--set", "model.layers[0].filters=20000000",
        "--threads", "1",
      ], megabytes: 2000, in: folder.url)
    #expect(result.status == 78, "\(result.stderr)")
    #expect(
      result.stderr.contains("are left under the limit of this process"), "\(result.stderr)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }
}
