import Foundation
import Testing

/// What a command says where something is wrong.
@Suite struct MessageTests {
  @Test(
    "Numbers as other tools write them are said to be none",
    arguments: [
      (".001", "is 0.001"), ("1.", "is 1"), ("+0.1", "is 0.1"), ("1_000", "is 1000"),
      ("1e400", "no number"), ("nan", "no number"), ("-inf", "no number"),
    ])
  func numbers(text: String, told: String) throws {
    let folder = try TemporaryFolder()
    let config = try folder.write("run.json", WrongConfig.good)
    for path in ["training.optimizer.learning_rate", "training.epochs", "training.clip_norm"] {
      let result = try Dlcli.run(["train", config, "--dry-run", "--set", "\(path)=\(text)"])
      #expect(result.status == 78)
      #expect(result.stderr.contains("--set:1:1: \(path): expected a"), "\(result.stderr)")
      #expect(result.stderr.contains(told), "\(result.stderr)")
      #expect(!result.stderr.contains("unknown schedule"), "\(result.stderr)")
    }
  }

  @Test(
    "Where a checkpoint should be, a configuration is told from one",
    arguments: [["eval"], ["predict"], ["encode", "--output", "a.npy"]])
  func configurationForCheckpoint(command: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write("run.json", WrongConfig.good)
    let result = try Dlcli.run(
      [command[0], "run.json"] + command.dropFirst(), in: folder.url)
    #expect(result.status == 65, "\(result.stderr)")
    #expect(
      result.stderr.contains(
        "expected a checkpoint or the folder of a run, which \"dlcli train run.json\" makes"),
      "\(result.stderr)")
    let absent = try Dlcli.run(
      [command[0], "no.json"] + command.dropFirst(), in: folder.url)
    #expect(absent.status == 66, "\(absent.stderr)")
  }

  @Test("Under --log-format json a failure is a line of JSON") func json() throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(
      "run.json",
      WrongConfig.good.replacingOccurrences(of: "\"epochs\"", with: "\"epocs\"")
        .replacingOccurrences(of: "\"units\": 3", with: "\"units\": -3"))
    let cases: [([String], Int32)] = [
      ([config, "--log-format", "json"], 78), ([config, "--log-format=json"], 78),
      ([folder.path("no.json"), "--log-format", "json"], 66),
      ([config, "--log-format", "json", "--nonsense"], 64),
      ([config, "--log-format", "json", "--resume", "--overwrite"], 64),
    ]
    for (arguments, status) in cases {
      let result = try Dlcli.run(["train"] + arguments)
      #expect(result.status == status, "\(result.stderr)")
      let objects = try TinyRuns.objects(result.stderr)
      #expect(objects.count == 1)
      #expect(objects.first?["code"] as? Int == Int(status))
      #expect((objects.first?["error"] as? String)?.isEmpty == false)
      guard status == 78 else { continue }
      let problems = try #require(objects.first?["problems"] as? [[String: Any]])
      #expect(
        problems.map { $0["path"] as? String } == ["model.layers[2].units", "training.epocs"])
      #expect(problems.map { $0["line"] as? Int } == [16, 20])
      #expect(problems.allSatisfy { $0["file"] as? String == config && $0["column"] is Int })
    }
    let help = try Dlcli.run(["train", "--log-format", "json", "--help"])
    #expect(help.status == 0 && help.stderr.isEmpty && help.stdout.contains("USAGE"))
  }
}
