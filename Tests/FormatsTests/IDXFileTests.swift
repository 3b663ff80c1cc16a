import Testing

@testable import Formats

@Suite struct IDXFileTests {
  static let images: [UInt8] = [
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255,
  ]

  func parse(_ bytes: [UInt8]) throws(FormatError) -> IDXFile {
    try IDXFile(parsing: bytes, file: "a.idx")
  }

  func message(_ bytes: [UInt8]) throws -> String {
    try formatError { () throws(FormatError) in _ = try parse(bytes) }.description
  }

  @Test func bytesStayBytes() throws {
    let file = try parse(Self.images)
    #expect(file.dimensions == [2, 1, 3])
    #expect(file.values == .bytes([1, 2, 3, 4, 5, 255]))
    #expect(file.encoded == Self.images)
  }

  @Test func everyTypeIsBigEndian() throws {
    #expect(try parse([0, 0, 9, 1, 0, 0, 0, 2, 0xFF, 5]).values == .integers([-1, 5]))
    #expect(
      try parse([0, 0, 0xB, 1, 0, 0, 0, 2, 0xFF, 0xFE, 1, 2]).values == .integers([-2, 258]))
    #expect(
      try parse([0, 0, 0xC, 1, 0, 0, 0, 1, 0x80, 0, 0, 1]).values == .integers([-2_147_483_647]))
    #expect(try parse([0, 0, 0xD, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0]).values == .floats([1.5]))
    #expect(
      try parse([0, 0, 0xE, 1, 0, 0, 0, 1, 0xC0, 4, 0, 0, 0, 0, 0, 0]).values
        == .doubles([-2.5]))
  }

  @Test(arguments: [
    IDXFile(dimensions: [3], values: .bytes([7, 8, 9])),
    IDXFile(dimensions: [2, 2], values: .integers([.min, -1, 0, .max])),
    IDXFile(dimensions: [1, 2], values: .floats([-0.5, .infinity])),
    IDXFile(dimensions: [2], values: .doubles([1e300, -3])),
    IDXFile(dimensions: [0, 28, 28], values: .bytes([])),
  ])
  func whatIsWrittenComesBack(file: IDXFile) throws {
    try withDirectory { directory in
      for name in ["a.idx", "a.idx.gz"] {
        try file.write("\(directory)/\(name)")
        #expect(try IDXFile(reading: "\(directory)/\(name)") == file)
      }
      #expect(Gzip.isCompressed(try FileBytes.read("\(directory)/a.idx.gz")))
    }
  }

  @Test func cutAndChangedFilesAreRefused() {
    expectHostileInputIsRefused(Self.images) { bytes throws(FormatError) in _ = try parse(bytes) }
  }

  @Test func aHeaderThatLiesIsNamedAndAllocatesNothing() throws {
    #expect(
      try message(Self.images + [0])
        == "a.idx: byte 16: expected 6 bytes of data for the extents [2, 1, 3], got 7")
    #expect(
      try message([0, 0, 0xE, 2, 255, 255, 255, 255, 0, 0, 255, 255])
        == "a.idx: byte 12: expected 2251765453422600 bytes of data for the extents "
        + "[4294967295, 65535], got 0")
    let huge = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
    #expect(try message(huge).hasSuffix("are beyond any file"))
    #expect(
      try message([0, 0, 8, 200])
        == "a.idx: byte 4: expected 804 bytes of header for 200 axes, got the end of the file")
  }

  @Test func whatIsNoIDXFileIsNamed() throws {
    #expect(
      try message([]) == "a.idx: byte 0: expected an IDX file (0 0 type rank), got an empty file")
    #expect(
      try message([0x1F, 0x8B, 8, 8])
        == "a.idx: byte 0: expected an IDX file (0 0 type rank), got 1F 8B 08 08")
    #expect(
      try message([0, 0, 0xA, 1])
        == "a.idx: byte 2: expected an IDX type of 08 09 0B 0C 0D 0E, got 0A")
    #expect(try message([0, 0, 8, 0]) == "a.idx: byte 3: expected at least one axis, got 0")
  }
}
