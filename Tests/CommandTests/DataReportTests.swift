import Foundation
import SamplePictures
import Testing

/// What commands tell of the data.
@Suite struct DataReportTests {
  /// A classifier of two columns of a table, some of whose rows are bad.
  private func project(rows: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("x.csv", ",a,b,y\n" + rows.joined(separator: "\n") + "\n")
    try folder.write(
      "run.json",
      """
      {"data": {"train": {"type": "csv", "path": "x.csv", "label": "y", "on_bad_row": "skip"}},
       "model": {"inputs": {"features": [2]}, "layers": [{"type": "dense", "name": "logits", "units": 2}]},
       "training": {"steps": 1, "batch_size": 4, "optimizer": "sgd",
         "loss": {"type": "softmax_cross_entropy", "prediction": "logits", "target": "label"}}}
      """)
    return folder
  }

  private static let rows = (0..<20).map {
    $0 == 7 ? "7,none,1,cat" : "\($0),\($0),\($0 % 4),\($0 % 5 == 0 ? "cat " : "cat")"
  }

  private static let lines = [
    "train       19 rows",
    "  label     2 classes: cat 15, \"cat \" 4",
    "  features  min 0.0000, max 19.0000, mean 5.5263 (all rows)",
    "            2 columns: a, b",
  ]

  private static let notes = [
    "x.csv: 1 of 20 rows are bad and left out: line 9: expected a number in the column \"a\", got \"none\"",
    "x.csv: the column \"\" only numbers the rows and is no feature",
    "classes of \"label\" differ only by spaces, case or the coding of characters: \"cat\", \"cat \"",
  ]

  @Test("train tells what the data hold, and the summary has all of it") func told() throws {
    let folder = try project(rows: Self.rows)
    let run = ["train", "run.json", "--output", "run", "--threads", "1", "--overwrite"]
    let result = try Dlcli.run(run, in: folder.url)
    #expect(result.status == 0, "\(result.stderr)")
    for text in [Self.lines.joined(separator: "\n")] + Self.notes {
      #expect(result.stderr.contains(text), "\(text) in \(result.stderr)")
    }
    let summary = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: folder.path("run/summary.json"))))
        as? [String: Any])
    let train = try #require((summary["splits"] as? [String: Any])?["train"] as? [String: Any])
    #expect(train["rows"] as? Int == 19)
    #expect(train["classes"] as? [String: [String: Int]] == ["label": ["cat": 15, "cat ": 4]])
    #expect(train["columns"] as? [String: [String]] == ["features": ["a", "b"]])
    let numbers = try #require((train["numbers"] as? [String: [String: Double]])?["features"])
    #expect(numbers["rows"] == 19 && numbers["min"] == 0 && numbers["max"] == 19)
    #expect((summary["notes"] as? [String])?.count == 3)
    #expect((summary["data"] as? [[String: Any]])?.count == 1)

    let json = try TinyRuns.objects(
      try Dlcli.run(run + ["--log-format", "json"], in: folder.url).stderr)
    let splits = json.compactMap { $0["splits"] as? [String: Any] }
    #expect(splits.count == 1)
    #expect((splits.first?["train"] as? [String: Any])?["rows"] as? Int == 19)
    #expect(json.compactMap { $0["note"] as? String }.count == 3)
    #expect(try Dlcli.run(run + ["--quiet"], in: folder.url).stderr.isEmpty)
  }

  @Test("A rehearsal tells the same") func rehearsed() throws {
    let folder = try project(rows: Self.rows)
    let result = try Dlcli.run(["train", "run.json", "--dry-run"], in: folder.url)
    #expect(result.status == 0, "\(result.stderr)")
    let text = Self.lines.map { "  \($0)\n" }.joined()
    #expect(result.stdout.contains("training data: 19 rows\n\(text)"), "\(result.stdout)")
    #expect(result.stdout.contains(Self.notes[2]))
    #expect(result.stderr.contains(Self.notes[0]))
    #expect(!FileManager.default.fileExists(atPath: folder.path("runs")))
  }

  @Test("Commands that read rows tell which they left out, and number those they took")
  func leftOut() throws {
    let folder = try project(rows: Self.rows)
    _ = try TinyRuns.run(["train", "run.json", "--output", "run", "--quiet"], in: folder)
    for command in [["predict"], ["eval"], ["encode", "--layer", "logits", "--output", "a.npy"]] {
      let result = try Dlcli.run(
        [command[0], "run", "--split", "train"] + command.dropFirst(), in: folder.url)
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.contains(Self.notes[0]), "\(command): \(result.stderr)")
      guard command == ["predict"] else { continue }
      let rows = try TinyRuns.objects(result.stdout)
      #expect(rows.map { $0["row"] as? Int } == (0..<19).map { $0 })
    }
    // Of a file that somebody hands over, every row counts.
    let input = try Dlcli.run(["predict", "run", "--input", "x.csv"], in: folder.url)
    #expect(input.status == 65, "\(input.stderr)")
    #expect(input.stderr.contains("x.csv:9: expected a number in the column \"a\", got \"none\""))
  }

  @Test("More bad rows than a tenth are an error before anything is written") func tooMany() throws
  {
    let folder = try project(rows: Self.rows.map { $0.replacingOccurrences(of: "3,", with: "?,") })
    let result = try Dlcli.run(["train", "run.json", "--output", "run"], in: folder.url)
    #expect(result.status == 65, "\(result.stderr)")
    #expect(result.stderr.contains("rows are bad, more than the tenth"), "\(result.stderr)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }

  @Test("A picture of --input is turned as those of the data are") func turned() throws {
    let folder = try TemporaryFolder()
    for name in ["p/a", "p/b"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
    try folder.write("p/a/x.jpg", GreyJPEG.oriented(3))
    try folder.write("p/b/x.jpg", GreyJPEG.plain)
    try folder.write("p/b/._x.jpg", "what macOS keeps beside a file")
    for (setting, isTurned) in [("", true), (", \"exif_rotation\": false", false)] {
      let told = try TinyRuns.train(
        TinyRuns.pictures(setting, size: "[5, 6, 1]"), in: folder)
      #expect(
        told.contains("1 of 2 pictures are turned as their Exif orientation says") == isTurned)
      func probabilities(_ arguments: [String]) throws -> [Double] {
        try TinyRuns.objects(TinyRuns.run(["predict", "run"] + arguments, in: folder))
          .compactMap { $0["probability"] as? Double }
      }
      let rows = try probabilities(["--split", "train"])
      #expect((rows[0] != rows[1]) == isTurned)
      #expect(try probabilities(["--input", "p/a/x.jpg"]) == [rows[0]])
      #expect(try probabilities(["--input", "p/b"]) == [rows[1]])
    }
  }
}
