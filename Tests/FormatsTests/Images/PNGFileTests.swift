import CZlib
import Testing

@testable import Formats

@Suite struct PNGFileTests {
  func message(_ bytes: [UInt8], limit: Int = PNGFile.defaultLimit) throws -> String {
    try formatError { () throws(FormatError) in
      _ = try PNGFile.decode(bytes, file: "a.png", limit: limit)
    }.description
  }

  /// A file whose header declares an image, with hardly any data.
  func declaring(width: UInt32, height: UInt32) -> [UInt8] {
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + data
      let check = UInt32(truncatingIfNeeded: crc32(0, body, UInt32(body.count)))
      return bigEndian(UInt32(data.count)) + body + bigEndian(check)
    }
    func bigEndian(_ number: UInt32) -> [UInt8] {
      withUnsafeBytes(of: number.bigEndian, Array.init)
    }
    let header = bigEndian(width) + bigEndian(height) + [8, 6, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
      + chunk("IDAT", [0x78, 0x9C, 0x63]) + chunk("IEND", [])
  }

  @Test(arguments: [1, 2, 3, 4], [1, 7, 64])
  func whatIsWrittenComesBack(channels: Int, extent: Int) throws {
    let image = SampleImages.picture(height: extent, width: extent + 2, channels: channels)
    #expect(try PNGFile.decode(PNGFile.encode(image), file: "a.png") == image)
    try withDirectory { directory in
      try PNGFile.write("\(directory)/a.png", image)
      #expect(try PNGFile.read("\(directory)/a.png") == image)
      #expect(try ImageFile.read("\(directory)/a.png", channels: 1) == image.converted(to: 1))
    }
  }

  @Test func palettesBitsAndDeepSamplesBecomeBytes() throws {
    let palette = try PNGFile.decode(SampleImages.palettePNG, file: "a.png")
    #expect(palette.channels == 4)
    #expect(palette.pixels == [255, 0, 0, 255, 0, 255, 0, 0, 10, 20, 30, 255])
    let colours = try PNGFile.decode(SampleImages.palettePNG, file: "a.png", channels: 3)
    #expect(colours.pixels == [255, 0, 0, 0, 255, 0, 10, 20, 30])
    #expect(try PNGFile.decode(SampleImages.deepPNG, file: "a.png").pixels == [0, 1, 255])
    #expect(try PNGFile.decode(SampleImages.bitsPNG, file: "a.png").pixels == [0, 255, 255, 0])
  }

  @Test func cutAndChangedFilesAreRefused() throws {
    let small = try PNGFile.encode(SampleImages.picture(height: 4, width: 3, channels: 3))
    for good in [small, SampleImages.palettePNG] {
      expectHostileInputIsRefused(good) { bytes throws(FormatError) in
        _ = try PNGFile.decode(bytes, file: "a.png")
      }
    }
    #expect(try message(small.dropLast(30)).hasPrefix("a.png: bad PNG data: "))
    #expect(try message([]) == "a.png: expected a PNG image, got no bytes")
  }

  @Test func aHeaderThatLiesAllocatesNothing() throws {
    #expect(
      try message(declaring(width: 900_000, height: 1_000_000))
        == "a.png: the PNG header declares 900000 x 1000000 pixels of 32 bits, more than 60 bytes "
        + "can hold")
    #expect(
      try message(declaring(width: 100, height: 100), limit: 39_999)
        == "a.png: the PNG header declares 100 x 100 pixels; at most 39999 bytes are read")
    #expect(try message(declaring(width: 100, height: 100)).hasPrefix("a.png: bad PNG data: "))
    #expect(try message(declaring(width: 1 << 31, height: 1)).hasPrefix("a.png: bad PNG data: "))
    #expect(try message(declaring(width: 0, height: 1)).hasPrefix("a.png: bad PNG data: "))
  }

  @Test func anImageWithoutPixelsIsNotWritten() throws {
    let empty = RasterImage(height: 0, width: 3, channels: 1, pixels: [])
    let error = try formatError { () throws(FormatError) in
      _ = try PNGFile.encode(empty, file: "b.png")
    }
    #expect(error.kind == .cannotCreate)
    #expect(error.description.hasPrefix("b.png: cannot write PNG: "))
  }
}
