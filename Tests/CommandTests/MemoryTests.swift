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

  /// The limit leaves room for the program, but not for the weights of millions of filters.
  @Test("The limit of a process counts") func limit() throws {
    let folder = try folder()
    let result = try Dlcli.run(
      URL(fileURLWithPath: "/bin/sh"),
      [
        "-c", "ulimit -v 2000000; \"$0\" \"$@\"", try Dlcli.binary().path, "train", "run.json",
        "--output", "run", "--set", "model.layers[0].filters=20000000",
      ], in: folder.url)
    #expect(result.status == 78, "\(result.stderr)")
    #expect(
      result.stderr.contains("are left under the limit of this process"), "\(result.stderr)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }
}
