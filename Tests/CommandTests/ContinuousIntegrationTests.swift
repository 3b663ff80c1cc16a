import Foundation
import Testing

/// What commands write for GitHub, and in which colours.
@Suite struct ContinuousIntegrationTests {
  private func folder(_ config: String = WrongConfig.good) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("images.idx", WrongConfig.images)
    try folder.write("labels.idx", WrongConfig.labels)
    try folder.write("run.json", config)
    return folder
  }

  @Test("Mistakes in a config are annotated for GitHub alone") func annotations() throws {
    let folder = try folder(
      WrongConfig.good.replacingOccurrences(of: "\"epochs\"", with: "\"100%, epocs\"")
        .replacingOccurrences(of: "\"units\": 3", with: "\"units\": -3"))
    let arguments = ["train", folder.path("run.json"), "--output", folder.path("out")]
    let told = try Dlcli.run(arguments, environment: ["GITHUB_ACTIONS": "true"])
    let lines = told.stderr.split(separator: "\n").filter { $0.hasPrefix("::error") }
    let file = "::error file=\(folder.path("run.json"))"
    #expect(told.status == 78)
    try #require(lines.count == 2)
    #expect(
      lines[0]
        == "\(file),line=16,col=52::model.layers[2].units: expected an integer, at least 1, got -3")
    #expect(lines[1].hasPrefix("\(file),line=20,col=5::training.100%25, epocs: unknown key"))
    let plain = try Dlcli.run(arguments)
    #expect(plain.status == 78 && !plain.stderr.contains("::error"))
  }

  @Test("train and eval add a table each to the page of a step") func stepSummary() throws {
    let folder = try folder()
    let environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": try folder.write("page.md", "before\n"),
    ]
    let run = folder.path("run")
    for arguments in [
      ["train", folder.path("run.json"), "--output", run], ["eval", run, "--split", "train"],
    ] {
      let result = try Dlcli.run(arguments, environment: environment)
      #expect(result.status == 0, "\(result.stderr)")
    }
    let page = try String(contentsOfFile: folder.path("page.md"), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(
      page[...4] == ["before", "### model", "", "| split | step | loss |", "| :-- | --: | --: |"])
    #expect(page[5].hasPrefix("| train | 2 | "))
    #expect(page[7...10] == ["### model: train", "", "| result | value |", "| :-- | --: |"])
    #expect(page[11].hasPrefix("| loss | "))
  }

  @Test("Errors are coloured as the option and the environment say")
  func colours() throws {
    let cases: [([String], [String: String], Bool)] = [
      ([], [:], false), (["--color", "always"], ["NO_COLOR": "1"], true),
      ([], ["FORCE_COLOR": "1"], true), ([], ["FORCE_COLOR": "1", "NO_COLOR": "1"], false),
      (["--color", "never"], ["FORCE_COLOR": "1"], false),
    ]
    for (options, environment, isColoured) in cases {
      let result = try Dlcli.run(["summary", "nowhere.json"] + options, environment: environment)
      #expect(result.status == 66)
      #expect(result.stderr.contains("\u{1B}[") == isColoured, "\(options) \(environment)")
    }
  }

  @Test("Every shell gets a completion script", arguments: ["bash", "zsh", "fish"])
  func completion(_ shell: String) throws {
    let result = try Dlcli.run(["completion", shell])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout.contains("overfit-batches"))
  }
}
