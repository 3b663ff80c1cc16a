import Foundation
import Testing

@testable import Formats

@Suite struct LineFileTests {
  private func lines(_ bytes: [UInt8]) throws -> [String] {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("lines-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try LineFile.read(path)
  }

  @Test func everyLineCounts() throws {
    #expect(try lines(Array("a\n\n b \r\n\n".utf8)) == ["a", "", " b ", ""])
    #expect(try lines(Array("a\nb".utf8)) == ["a", "b"])
    #expect(try lines([0xEF, 0xBB, 0xBF, 0x61, 0x0A]) == ["a"])
    #expect(try lines([]) == [])
  }

  @Test func gzippedFilesAreUnpacked() throws {
    let packed = try Gzip.compress(Array("für\ndich\n".utf8), file: "lines.gz")
    #expect(try lines(packed) == ["für", "dich"])
  }

  @Test func bytesThatAreNoTextAreFound() {
    let error = #expect(throws: FormatError.self) { try lines([0x61, 0x0A, 0xFF, 0x0A]) }
    #expect(error?.place == .line(2) && error?.kind == .badData)
  }
}
