import Testing

@testable import Formats

@Suite struct TarArchiveTests {
  /// A block and what follows it, as GNU tar writes them.
  func member(
    _ name: String, _ contents: [UInt8] = [], type: Character = "0", prefix: String = "",
    size: String? = nil
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }
    let octal = String(contents.count, radix: 8)
    put(name, at: 0)
    put(size ?? String(repeating: "0", count: 11 - octal.count) + octal, at: 124)
    put("        ", at: 148)
    put(String(type), at: 156)
    put("ustar\u{0}00", at: 257)
    put(prefix, at: 345)
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
    return block + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
  }

  let end = [UInt8](repeating: 0, count: 1024)

  func parse(_ bytes: [UInt8]) throws(FormatError) -> TarArchive {
    try TarArchive(parsing: bytes, file: "a.tar")
  }

  func message(_ bytes: [UInt8]) throws -> String {
    try formatError { () throws(FormatError) in _ = try parse(bytes) }.description
  }

  @Test func namesDifferByTheirCodePoints() throws {
    let names = ["\u{E9}.png", "e\u{301}.png"]
    let archive = try parse(names.flatMap { member($0) } + end)
    #expect(archive.entries.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
  }

  func contents(_ archive: TarArchive, _ index: Int) throws -> [UInt8] {
    try archive.withContents(archive.entries[index]) { bytes throws(FormatError) in Array(bytes) }
  }

  @Test func filesAreFoundBetweenFolders() throws {
    let long = [UInt8](repeating: 7, count: 513)
    let bytes =
      member("./", type: "5") + member("./a/x.txt", [1, 2, 3]) + member("b", long)
      + member("c.txt", [], prefix: "deep/er") + end
    for bytes in [bytes, try Gzip.compress(bytes, file: "a")] {
      try withDirectory { directory in
        try AtomicFile.write("\(directory)/a.tar", bytes)
        let archive = try TarArchive(reading: "\(directory)/a.tar")
        #expect(archive.entries.map(\.name) == ["a/x.txt", "b", "deep/er/c.txt"])
        #expect(try (0..<3).map { try contents(archive, $0) } == [[1, 2, 3], long, []])
      }
    }
  }

  @Test func extendedHeadersNameTheFileBehindThem() throws {
    let name = String(repeating: "n", count: 150)
    let bytes =
      member("pax", Array("160 path=\(name)\n10 size=2\n".utf8), type: "x") + member("x", [1, 2])
      + member("././@LongLink", Array("\(name)2\u{0}".utf8), type: "L") + member("y", [3])
      + member("all", Array("13 comment=a\n".utf8), type: "g") + member("z", [4]) + end
    let archive = try parse(bytes)
    #expect(archive.entries.map(\.name) == [name, name + "2", "z"])
    #expect(try contents(archive, 0) == [1, 2])
  }

  @Test func cutAndChangedArchivesAreRefused() throws {
    let good = member("a", [1, 2, 3]) + member("b", [4]) + end
    // The second block of zeros may be missing.
    expectHostileInputIsRefused(good, allowedPrefixes: Set(good.count - 512..<good.count)) {
      bytes throws(FormatError) in _ = try parse(bytes)
    }
    #expect(
      try message(Array(good[..<700]))
        == "a.tar: byte 1024: expected a block of a tar archive, got the end of the file")
    #expect(
      try message(member("a", size: "77777777777") + end)
        == "a.tar: byte 0: expected 8589934591 bytes of a file, got 1024: the archive is cut short")
    #expect(try message([1] + end).contains("got a block of another checksum"))
    #expect(try message([]).hasSuffix("expected a block of a tar archive, got the end of the file"))
  }

  @Test func whatIsNoFileIsNamed() throws {
    #expect(
      try message(member("a", type: "2") + end)
        == "a.tar: byte 0: expected files and folders alone, got a link \"a\"")
    #expect(
      try message(member("/etc/x") + end).contains("a path within the archive, got \"/etc/x\""))
    #expect(try message(member("a/../b") + end).contains("got \"a/../b\""))
    #expect(
      try message(member("a") + member("./a") + end).contains("two files have the name \"a\""))
    #expect(
      try message(member("p", Array("99 path=x\n".utf8), type: "x") + end)
        .contains("expected a record of an extended header"))
  }
}
