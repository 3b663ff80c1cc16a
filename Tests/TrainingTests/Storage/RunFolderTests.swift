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
    for name in [".tmp-1-1", "checkpoints/.tmp-99-2", "checkpoints/last.safetensors", ".tmpfile"] {
      try temporary.write(name, "x")
    }
    _ = try folder.lock()
    let left = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    #expect(left?.sorted() == [".tmpfile", "checkpoints", "checkpoints/last.safetensors"])
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
    #expect(FileManager.default.fileExists(atPath: folder.path + "/thesis.tex"))
    try temporary.write("config.resolved.json", "{}")
    try folder.clear()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["checkpoints"])
  }
}
