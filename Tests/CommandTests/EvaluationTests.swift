import Foundation
import Testing

@Suite struct EvaluationTests {
  /// A run of three epochs on the digits.
  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let result = try Dlcli.run([
      "train", "configs/digits-convnet.json", "--output", folder.path("run"),
      "--set", "training.epochs=3",
    ])
    #expect(result.status == 0, "\(result.stderr)")
    return folder
  }

  /// What follows `"key": ` in a JSON text, up to a comma or an end, digit for digit.
  private func digits(_ key: String, in text: some StringProtocol) throws -> String {
    let found = try #require(text.range(of: "\"\(key)\": "), "\(key) in \(text)")
    return String(text[found.upperBound...].prefix { !",}\n".contains($0) })
  }

  @Test("eval prints the last validation of the log, every digit") func lastValidation() throws {
    let folder = try trained()
    let log = try String(contentsOfFile: folder.path("run/metrics.jsonl"), encoding: .utf8)
    let logged = try #require(
      log.split(separator: "\n").last { $0.contains("\"split\": \"validation\"") })
    let result = try Dlcli.run([
      "eval", folder.path("run/checkpoints/last.safetensors"), "--split", "validation", "--json",
    ])
    #expect(result.status == 0, "\(result.stderr)")
    for key in ["loss", "accuracy"] {
      #expect(try digits(key, in: result.stdout) == digits(key, in: logged))
    }
  }

  @Test("--fail-under decides between 0 and 1") func failUnder() throws {
    let folder = try trained()
    for (least, status) in [("accuracy=0.1", Int32(0)), ("accuracy=0.9999", 1)] {
      let result = try Dlcli.run(["eval", folder.path("run"), "--fail-under", least])
      #expect(result.status == status, "\(least): \(result.stderr)")
    }
  }

  static let configs = Configs.inFolder("configs")

  @Test("Every configuration runs, shortened", arguments: configs)
  func runs(_ config: String) throws {
    let folder = try TemporaryFolder()
    let environment = ProcessInfo.processInfo.environment
      .filter { ["DLCLI_DATA"].contains($0.key) }
    let result = try Dlcli.run(
      ["train", config, "--output", folder.path("run"), "--dry-run"], environment: environment)
    // The data of most configurations are fetched, not kept: without them there is nothing to read.
    if result.status == 66 {
      print("skipped: the data of \(config) are not here: \(result.stderr)")
    } else {
      #expect(result.status == 0, "\(result.stderr)")
    }
  }
}

/// The configurations that come with dlcli.
enum Configs {
  static func inFolder(_ folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: Dlcli.root.appendingPathComponent(folder).path)
    return (names ?? []).filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
  }
}
