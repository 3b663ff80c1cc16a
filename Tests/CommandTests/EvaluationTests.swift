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

  @Test("A checkpoint is evaluated from any folder, on data that are found from there")
  func anyFolder() throws {
    let (home, other) = (try TemporaryFolder(), try TemporaryFolder())
    try home.write("images.idx", WrongConfig.images)
    try home.write("labels.idx", WrongConfig.labels)
    try home.write("run.json", WrongConfig.good)
    let trained = try Dlcli.run(["train", "run.json", "--output", "run"], in: home.url)
    #expect(trained.status == 0, "\(trained.stderr)")
    let kept = try Dlcli.run(["eval", home.path("run")], in: other.url)
    #expect(kept.status == 0, "\(kept.stderr)")
    // What --set names is sought from the folder at hand.
    let named = ["eval", home.path("run"), "--set", "data.train.images=here.idx"]
    #expect(try Dlcli.run(named, in: other.url).status == 66)
    try other.write("here.idx", WrongConfig.images)
    let replaced = try Dlcli.run(named, in: other.url)
    #expect((replaced.status, replaced.stdout) == (0, kept.stdout), "\(replaced.stderr)")
  }

  @Test("Classes whose names are equivalent, and not the same, have a row each")
  func equivalentNames() throws {
    let folder = try TinyRuns.trained(
      TinyRuns.classifier(features: 1, units: 3, #", "metrics": ["recall"]"#),
      ["t.csv": "a,y\n1,caf\u{E9}\n2,cafe\u{301}\n3,tea\n"])
    let text = try TinyRuns.run(["eval", "run"], in: folder)
    for name in ["caf\u{E9}", "cafe\u{301}", "tea"] {
      let rows = text.split(separator: "\n").filter {
        $0.unicodeScalars.starts(with: (name + " ").unicodeScalars)
      }
      #expect(rows.count == 1, "\(text)")
    }
  }

  @Test("--json has the table of a confusion matrix, whose counts are those of the text")
  func confusion() throws {
    let again = #"{"type": "confusion_matrix", "name": "again"}"#
    let metrics = #", "metrics": ["confusion_matrix", \#(again), "accuracy"]"#
    let folder = try TinyRuns.trained(
      TinyRuns.classifier(features: 1, units: 3, metrics),
      ["t.csv": "a,y\n1,cat\n2,dog\n3,dog\n4,emu\n"])
    struct Matrix: Decodable, Equatable {
      let classes: [String]
      let counts: [[Int]]
    }
    struct Results: Decodable {
      let accuracy: Double
      let confusionMatrix: Matrix
      let again: Matrix

      enum CodingKeys: String, CodingKey {
        case accuracy
        case confusionMatrix = "confusion_matrix"
        case again = "again/confusion_matrix"
      }
    }
    let results = try JSONDecoder().decode(
      Results.self, from: Data(TinyRuns.run(["eval", "run", "--json"], in: folder).utf8))
    let matrix = results.confusionMatrix
    #expect(matrix.classes == ["cat", "dog", "emu"] && results.again == matrix)
    #expect(matrix.counts.map { $0.reduce(0, +) } == [1, 2, 1])
    #expect(Double((0..<3).map { matrix.counts[$0][$0] }.reduce(0, +)) / 4 == results.accuracy)
    let text = try TinyRuns.run(["eval", "run"], in: folder)
    for (name, row) in zip(matrix.classes, matrix.counts) {
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
      #expect(line.split(separator: " ").dropFirst().compactMap { Int($0) } == row, "\(text)")
    }
  }

  @Test("Every configuration whose data are here runs, shortened", arguments: Configs.withData)
  func runs(_ config: String) throws {
    let folder = try TemporaryFolder()
    let environment = Configs.environment.merging(["DLCLI_RUNS": folder.path("runs")]) { $1 }
    for (name, config) in try Configs.prerequisites(of: config) + [("run", config)] {
      let result = try Dlcli.run(
        ["train", config, "--output", folder.path("runs/\(name)")] + Configs.shortening(config),
        environment: environment)
      #expect(result.status == 0, "\(result.stderr)")
    }
    let evaluated = try Dlcli.run(["eval", folder.path("runs/run")], environment: environment)
    #expect(evaluated.status == 0, "\(evaluated.stderr)")
  }

  @Test(
    "Every configuration has its data",
    .enabled(
      if: Configs.withoutData.isEmpty,
      "scripts/get-data has not fetched those of \(Configs.withoutData.joined(separator: ", "))"))
  func data() {
    #expect(Configs.withData.count == Configs.trained.count)
  }
}
