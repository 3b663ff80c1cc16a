import Testing

@testable import Formats

@Suite struct GzipTests {
  /// The text "hello gzip" as gzip(1) packs a file called name.txt: the FNAME flag is set.
  static let named: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x08, 0x15, 0xCD, 0x5B, 0x07, 0x00, 0x03, 0x6E, 0x61, 0x6D, 0x65, 0x2E,
    0x74, 0x78, 0x74, 0x00, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0x48, 0xAF, 0xCA, 0x2C, 0x00,
    0x00, 0x19, 0x6A, 0xD2, 0xDF, 0x0A, 0x00, 0x00, 0x00,
  ]

  @Test func theStoredNameIsSkipped() throws {
    #expect(
      try Gzip.decompress(Self.named, file: "name.txt.gz") == Array("hello gzip".utf8))
  }

  @Test(arguments: [0, 1, 300_000, 3_000_000])
  func whatIsCompressedComesBack(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 5) }
    let compressed = try Gzip.compress(bytes, file: "a.gz")
    #expect(try Gzip.decompress(compressed, file: "a.gz") == bytes)
  }

  @Test func theSameBytesGiveTheSameFileWithoutATime() throws {
    let compressed = try Gzip.compress([1, 2, 3], file: "a.gz")
    #expect(Array(compressed[..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  @Test func membersFollowEachOtherAndZerosArePadding() throws {
    let (one, two) = (try Gzip.compress([1, 2], file: "a"), try Gzip.compress([3], file: "a"))
    #expect(try Gzip.decompress(one + two + [0, 0, 0], file: "a") == [1, 2, 3])
    let error = try formatError { () throws(FormatError) in
      _ = try Gzip.decompress(one + [7], file: "a")
    }
    #expect(error.message == "bytes that are not gzip after its end")
    #expect(error.place == .byte(one.count))
  }

  @Test func aCutFileAndAChangedByteAreRefused() throws {
    let good = Self.named
    expectHostileInputIsRefused(good) { bytes throws(FormatError) in
      _ = try Gzip.decompress(bytes, file: "a.gz")
    }
    for position in good.indices.suffix(8) {
      var bad = good
      bad[position] ^= 1
      let error = try formatError { () throws(FormatError) in
        _ = try Gzip.decompress(bad, file: "a.gz")
      }
      #expect(error.kind == .badData)
    }
    let error = try formatError { () throws(FormatError) in
      _ = try Gzip.decompress(Array(good.dropLast()), file: "a.gz")
    }
    #expect(
      error.description
        == "a.gz: byte \(good.count - 1): expected more gzip data, got the end of the file: "
        + "it is cut short")
  }

  @Test func aBombStopsAtTheLimit() throws {
    let bomb = try Gzip.compress([UInt8](repeating: 0, count: 20_000_000), file: "a.gz")
    #expect(bomb.count < 25_000)
    let error = try formatError { () throws(FormatError) in
      _ = try Gzip.decompress(bomb, file: "a.gz", limit: 1_000_000)
    }
    #expect(error.message == "unpacks to more than 1000000 bytes")
  }

  @Test func plainFilesAreReadAsTheyAre() throws {
    try withDirectory { directory in
      try AtomicFile.write("\(directory)/plain", "hello")
      try AtomicFile.write("\(directory)/packed", Self.named)
      #expect(try Gzip.read("\(directory)/plain") == Array("hello".utf8))
      #expect(try Gzip.read("\(directory)/packed") == Array("hello gzip".utf8))
    }
  }
}
