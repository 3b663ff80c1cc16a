import Foundation
import Testing

/// What lies beside a run is somebody's own.
@Suite struct OverwritingTests {
  private func files(_ folder: TemporaryFolder) -> [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
      .filter { !$0.hasPrefix("events.") }.sorted()
  }

  /// A project whose run lies among the files that it is made of.
  private func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try folder.write("run.json", WrongConfig.good)
    try folder.write("notes.md", "mine")
    let pictures = folder.path("pictures")
    try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true)
    try folder.write("pictures/one.png", "mine")
    _ = try TinyRuns.run(["train", "run.json", "--output", ".", "--quiet"], in: folder)
    return folder
  }

  @Test("--overwrite forgets a run and no other file") func besideARun() throws {
    let folder = try project()
    let before = files(folder)
    #expect(before.contains("pictures/one.png") && before.contains("summary.json"))
    _ = try TinyRuns.run(
      ["train", "run.json", "--output", ".", "--overwrite", "--quiet"], in: folder)
    #expect(files(folder) == before)
    _ = try TinyRuns.run(
      ["pca", "run.json", "--components", "2", "--output", ".", "--overwrite"], in: folder)
    let logs = ["metrics.csv", "metrics.jsonl", "summary.json"]
    #expect(files(folder) == before.filter { !logs.contains($0) })
  }

  @Test("A run is forgotten only for one that can begin")
  func mistakes() throws {
    let folder = try project()
    let before = files(folder)
    let last = try Data(
      contentsOf: URL(fileURLWithPath: folder.path("checkpoints/last.safetensors")))
    for (mistake, status) in [
      ("data.train.images=nowhere.idx", 66), ("model.layers[0].filtres=2", 78),
      ("training.freeze=[\"nothing/*\"]", 78), ("model.layers[2].units=1000000000", 78),
      ("training.initialize={\"checkpoint\": \"checkpoints/last.safetensors\"}", 73),
    ] as [(String, Int32)] {
      let result = try Dlcli.run(
        ["train", "run.json", "--output", ".", "--overwrite", "--set", mistake], in: folder.url)
      #expect(result.status == status, "\(mistake): \(result.stderr)")
      #expect(files(folder) == before, "\(mistake)")
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder.path("checkpoints/last.safetensors")))
          == last)
    }
  }

  @Test(
    "A name does not lead out of the folder of all runs",
    arguments: ["../out", "..", ".", "", "a/../../out", "/tmp/out", "a//b", "a/", "a\nb"])
  func names(name: String) throws {
    let folder = try TemporaryFolder()
    let inner = folder.path("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    try folder.write("inner/images.idx", WrongConfig.images)
    try folder.write("inner/labels.idx", WrongConfig.labels)
    let escaped = name.replacingOccurrences(of: "\n", with: "\\n")
    try folder.write(
      "inner/run.json",
      WrongConfig.good.replacingOccurrences(
        of: "\"seed\": 1,", with: "\"name\": \"\(escaped)\", \"seed\": 1,"))
    let before = files(folder)
    let result = try Dlcli.run(["train", "run.json"], in: URL(fileURLWithPath: inner))
    #expect(result.status == 78)
    #expect(result.stderr.contains("run.json:2:11: name: expected a string, names of folders"))
    #expect(files(folder) == before)
  }

  @Test("A name may have folders of its own") func innerNames() throws {
    let folder = try project()
    _ = try TinyRuns.run(
      ["train", "run.json", "--set", "name=digits/convnet.v2", "--quiet"], in: folder)
    #expect(
      FileManager.default.fileExists(atPath: folder.path("runs/digits/convnet.v2/summary.json")))
  }

  @Test("A command does not write over what it reads") func outputs() throws {
    let folder = try project()
    try folder.write("text.txt", "a b a b\n")
    for arguments in [
      ["encode", "run.npy", "--layer", "flat", "--input", "images.npy", "--output", "images.npy"],
      ["tokenize", "train", "run.json", "--output", "run.json"],
      ["tokenize", "train", "--text", "text.json", "--output", "./text.json"],
      ["generate", ".", "--codes", "codes.npy", "--output", "link.npy"],
      ["reconstruct", ".", "--input", "one.png", "--output", "one.png"],
    ] {
      for name in ["images.npy", "codes.npy", "one.png", "text.json", "run.npy"] {
        try folder.write(name, "mine")
      }
      try? FileManager.default.createSymbolicLink(
        atPath: folder.path("link.npy"), withDestinationPath: folder.path("codes.npy"))
      let result = try Dlcli.run(arguments, in: folder.url)
      #expect(result.status == 73, "\(arguments): \(result.stderr)")
      #expect(result.stderr.contains("this command reads the file"))
      for name in ["images.npy", "codes.npy", "one.png", "text.json"] {
        #expect(try String(contentsOfFile: folder.path(name), encoding: .utf8) == "mine")
      }
    }
    #expect(
      try String(contentsOfFile: folder.path("run.json"), encoding: .utf8) == WrongConfig.good)
  }
}
