import Foundation
import Testing

/// `DLCLI_VECTORS` and `--vectors`: the widest vectors that a command computes with.
@Suite struct VectorLevelTests {
  private static let all = ["baseline", "v3", "v4"]

  /// What `--version` says: the level in use, the widest, and the processor that OpenBLAS computes for.
  private func version(_ level: String?) throws -> (level: String, widest: String, core: String) {
    let result = try Dlcli.run(["--version"], environment: ["DLCLI_VECTORS": level ?? ""])
    try #require(result.status == 0, "\(result.stderr)")
    let levels = try #require(try /vectors (\w+) of (\w+)/.firstMatch(in: result.stdout))
    let core = try #require(try /OpenBLAS .*kernels for (\w+)/.firstMatch(in: result.stdout))
    return (String(levels.1), String(levels.2), String(core.1))
  }

  /// The levels that this processor has.
  private func available() throws -> [String] {
    let widest = try version(nil).widest
    return Array(Self.all.prefix(through: try #require(Self.all.firstIndex(of: widest))))
  }

  @Test func theEnvironmentNamesTheLevel() throws {
    let levels = try available()
    #expect(try version(nil).level == levels.last)
    for level in levels { #expect(try version(level).level == level) }
    for (level, core) in [("v3", "Haswell"), ("baseline", "Prescott")]
    where level != levels.last && levels.contains(level) {
      #expect(try version(level).core == core)
    }
  }

  @Test func unknownAndTooWideLevelsAreErrors() throws {
    let wrong = ["v5", "AVX2"] + Self.all.dropFirst(try available().count)
    for level in wrong {
      let byEnvironment = try Dlcli.run(["layers"], environment: ["DLCLI_VECTORS": level])
      #expect(byEnvironment.status == 64 && byEnvironment.stdout.isEmpty)
      #expect(byEnvironment.stderr.hasPrefix("error: DLCLI_VECTORS: "), "\(byEnvironment.stderr)")
      let byOption = try Dlcli.run([
        "train", "configs/digits-convnet.json", "--dry-run", "--vectors", level,
      ])
      #expect(byOption.status == 64)
      #expect(byOption.stderr.hasPrefix("error: --vectors: "), "\(byOption.stderr)")
      #expect(byOption.stderr.contains("baseline"), "the levels that there are")
    }
  }

  /// The option and the variable do the same, and the summary says what they did.
  @Test func theOptionGoesBeforeTheEnvironment() throws {
    let folder = try TemporaryFolder()
    func checkpoint(_ run: String, _ options: [String], _ environment: [String: String]) throws
      -> Data
    {
      let result = try Dlcli.run(
        [
          "train", "configs/digits-convnet.json", "--output", folder.path(run), "--set",
          "training.epochs=1",
        ] + options, environment: environment)
      try #require(result.status == 0, "\(result.stderr)")
      let summary = try String(contentsOfFile: folder.path("\(run)/summary.json"), encoding: .utf8)
      #expect(summary.contains("\"vectors\": \"baseline\""), "\(summary)")
      return try Data(
        contentsOf: folder.url.appendingPathComponent("\(run)/checkpoints/last.safetensors"))
    }
    let expected = try checkpoint("variable", [], ["DLCLI_VECTORS": "baseline"])
    for level in try available() {
      #expect(
        try checkpoint(level, ["--vectors", "baseline"], ["DLCLI_VECTORS": level]) == expected)
    }
  }
}
