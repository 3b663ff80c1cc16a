import Formats
import Foundation
import Testing
import Training

@Suite struct RunFolderTests {
  private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  @Test func oneProcessAtATimeTrainsInAFolder() throws {
    let folder = RunFolder(try TemporaryFolder().path)
    do {
      let lock = try folder.lock()
      let second = message { _ = try folder.lock() }
      #expect(second == "\(folder.path): another process is at work here")
      withExtendedLifetime(lock) {}
    }
    #expect(message { _ = try folder.lock() }.isEmpty)
  }

  @Test func whatAKilledProcessLeftHalfWrittenGoes() throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(temporary.path)
    try folder.create()
    let others = [".tmp-1", ".tmp-1-", ".tmp-1-2-3", ".tmp-mine-1", ".tmpfile"]
    let whole = ["checkpoints/last.safetensors"]
    for name in [".tmp-1-1", "checkpoints/.tmp-99-2"] + others + whole {
      try temporary.write(name, "x")
    }
    _ = try folder.lock()
    #expect(names(folder) == others + ["checkpoints"] + whole)
  }

  private func names(_ folder: RunFolder) -> [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
      .sorted()
  }

  @Test func aFileInTheWayIsSaidInPlainWords() throws {
    let temporary = try TemporaryFolder()
    try temporary.write("file", "x")
    for path in ["file", "file/run"] {
      let said = message { try RunFolder("\(temporary.path)/\(path)").create() }
      #expect(said.contains(": cannot create the directory: not a directory"), "\(said)")
    }
    let said = message { try RunFolder("\(temporary.path)/file").clear() }
    #expect(said == "\(temporary.path)/file: cannot read the directory: not a directory")
  }

  @Test func onlyRunsAreForgotten() throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(temporary.path)
    try folder.create()
    try temporary.write("thesis.tex", "x")
    #expect(message { try folder.clear() }.contains("holds no run but other files"))
    #expect(names(folder) == ["checkpoints", "thesis.tex"])
  }

  /// What a run writes goes, and nothing that lies beside it, however much its name looks like one of those.
  @Test func onlyWhatRunsWriteIsForgotten() throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(temporary.path)
    try folder.create()
    let own = [
      "checkpoints/best.safetensors", "checkpoints/last.safetensors",
      "checkpoints/step-20.safetensors", "config.resolved.json",
      "events.out.tfevents.1700000000.host.7.0", "metrics.csv", "metrics.jsonl",
      "samples/made-step-3.png", "summary.json",
    ]
    let others = [
      "checkpoints/step-best.safetensors", "checkpoints/step-20.safetensors.bak", "notes.md",
      "pictures/made-step-3.png", "samples/favourite.png", "samples/made-step-x.png",
    ]
    for directory in ["samples", "pictures"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + directory, withIntermediateDirectories: true)
    }
    for name in own + others { try temporary.write(name, "x") }
    try folder.clear()
    #expect(names(folder) == (others + ["checkpoints", "pictures", "samples"]).sorted())
  }

  @Test func whatTheNewRunReadsIsNotForgotten() throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(temporary.path)
    try folder.create()
    for name in ["config.resolved.json", "checkpoints/best.safetensors"] {
      try temporary.write(name, "x")
    }
    let link = folder.path + "/link.safetensors"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.best)
    for input in [folder.best, folder.path + "/checkpoints/../checkpoints/best.safetensors", link] {
      let refusal = message { try folder.clear(readBy: ["/elsewhere", input]) }
      #expect(refusal.hasPrefix("\(folder.best): the new run reads this file"))
      #expect(folder.isUsed && FileManager.default.fileExists(atPath: folder.best))
    }
  }

  /// A file of somebody's own that has the name of one of a run's.
  @Test(arguments: ["summary.json", "metrics.csv", "checkpoints/last.safetensors"])
  func aRunDoesNotWriteToWhatIsOfNoRun(name: String) throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(temporary.path)
    try folder.create()
    try folder.checkNamesAreFree()
    try temporary.write(name, "mine")
    #expect(message { try folder.checkNamesAreFree() }.contains("a run would write to this file"))
    #expect(!message { try folder.clear() }.isEmpty)
    #expect(try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) == "mine")
  }
}
