import Testing

@testable import Formats

@Suite struct JPEGFileTests {
  func message(_ bytes: [UInt8]) throws -> String {
    try formatError { () throws(FormatError) in
      _ = try JPEGFile.decode(bytes, file: "a.jpg")
    }.description
  }

  @Test func aProgressiveFileIsNearWhatItWasMadeOf() throws {
    let image = try JPEGFile.decode(SampleImages.jpeg, file: "a.jpg")
    #expect([image.height, image.width, image.channels] == [5, 6, 3])
    for y in 0..<5 {
      for x in 0..<6 {
        let pixel = image.pixels[(y * 6 + x) * 3..<(y * 6 + x) * 3 + 3].map { Int($0) }
        // Pillow, by the same library, is as far off.
        #expect(zip(pixel, [50 * y, 40 * x, 128]).allSatisfy { abs($0 - $1) <= 38 })
      }
    }
    #expect(Array(image.pixels.prefix(6)) == [2, 4, 107, 14, 35, 118])
  }

  @Test func greyStaysGreyUnlessColourIsAskedFor() throws {
    let grey = try JPEGFile.decode(SampleImages.greyJPEG, file: "a.jpg")
    #expect(grey.channels == 1)
    #expect(Array(grey.pixels.prefix(6)) == [15, 38, 63, 86, 108, 134])
    let colour = try JPEGFile.decode(SampleImages.greyJPEG, file: "a.jpg", channels: 3)
    #expect(colour.pixels == grey.pixels.flatMap { [$0, $0, $0] })
  }

  @Test func cutAndChangedFilesAreRefused() throws {
    for good in [SampleImages.jpeg, SampleImages.greyJPEG] {
      expectHostileInputIsRefused(good) { bytes throws(FormatError) in
        _ = try JPEGFile.decode(bytes, file: "a.jpg")
      }
    }
    #expect(
      try message(SampleImages.jpeg.dropLast(2))
        == "a.jpg: bad JPEG data: Premature end of JPEG file")
    #expect(try message([]) == "a.jpg: expected a JPEG image, got no bytes")
  }

  @Test func coloursOfPrintAreNamed() throws {
    #expect(
      try message(SampleImages.cmykJPEG)
        == "a.jpg: bad JPEG data: expected a grey or an RGB image, got 4 channels")
  }

  @Test func aHeaderThatLiesAllocatesNothing() throws {
    var huge = SampleImages.greyJPEG
    let frame = try #require(
      huge.indices.dropLast().first { huge[$0] == 0xFF && huge[$0 + 1] == 0xC0 })
    for byte in 0..<4 { huge[frame + 5 + byte] = 0xFD }
    #expect(
      try message(huge)
        == "a.jpg: the JPEG header declares 65021 x 65021 pixels of 8 bits, more than "
        + "\(huge.count) bytes can hold")
  }

  @Test func scansWithoutEndAreRefused() throws {
    // The first scan, from its marker to the next one, again and again.
    let good = SampleImages.jpeg
    let scan = try #require(
      good.indices.dropLast().first { good[$0] == 0xFF && good[$0 + 1] == 0xDA })
    let next = try #require(
      (scan + 2..<good.count - 1).first { good[$0] == 0xFF && good[$0 + 1] != 0 })
    var endless = Array(good[..<next])
    for _ in 0..<1000 { endless += good[scan..<next] }
    endless += good[next...]
    #expect(try message(endless) == "a.jpg: bad JPEG data: the file has more than 100 scans")
  }
}
