import SamplePictures
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
    let grey = try JPEGFile.decode(GreyJPEG.plain, file: "a.jpg")
    #expect(grey.channels == 1)
    #expect(Array(grey.pixels.prefix(6)) == [15, 38, 63, 86, 108, 134])
    let colour = try JPEGFile.decode(GreyJPEG.plain, file: "a.jpg", channels: 3)
    #expect(colour.pixels == grey.pixels.flatMap { [$0, $0, $0] })
  }

  @Test func cutAndChangedFilesAreRefused() throws {
    for good in [SampleImages.jpeg, GreyJPEG.plain, SampleImages.cmykJPEG] {
      expectHostileInputIsRefused(good) { bytes throws(FormatError) in
        _ = try JPEGFile.decode(bytes, file: "a.jpg")
      }
    }
    #expect(
      try message(SampleImages.jpeg.dropLast(2))
        == "a.jpg: bad JPEG data: Premature end of JPEG file")
    #expect(try message([]) == "a.jpg: expected a JPEG image, got no bytes")
  }

  @Test func coloursOfPrintBecomeRGB() throws {
    func pixels(_ bytes: [UInt8], channels: Int? = nil) throws -> [UInt8] {
      let image = try JPEGFile.decode(bytes, file: "a.jpg", channels: channels)
      #expect([image.height, image.width, image.channels] == [5, 6, channels ?? 3])
      return image.pixels
    }
    let rgb = try pixels(SampleImages.cmykJPEG)
    for y in 0..<5 {
      for x in 0..<6 {
        for (place, ink) in [50 * y, 40 * x, 128].enumerated() {
          let light = (255 - ink) * (255 - 20 * (x + y)) / 255
          #expect(abs(Int(rgb[(y * 6 + x) * 3 + place]) - light) <= 3)
        }
      }
    }
    // What Pillow makes of it.
    #expect(Array(rgb.prefix(9)) == [255, 255, 127, 234, 197, 117, 217, 148, 108])
    #expect(Array(rgb.suffix(3)) == [16, 16, 37])
    #expect(try pixels(SampleImages.cmykJPEG, channels: 1)[0] == 240)

    // The transform 2 of the Adobe marker says YCCK.
    var ycck = SampleImages.cmykJPEG
    let marker = try #require(ycck.firstIndex(of: UInt8(ascii: "A")))
    #expect(ycck[marker..<marker + 5].elementsEqual("Adobe".utf8))
    ycck[marker + 11] = 2
    let converted = try pixels(ycck)
    #expect(Array(converted.prefix(9)) == [1, 43, 0, 1, 27, 0, 1, 13, 0])
    #expect(Array(converted.suffix(3)) == [59, 51, 75])

    // Without the marker nothing is inverted: what was 1 - C is C.
    var plain = SampleImages.cmykJPEG
    plain.removeSubrange(marker - 4..<marker + 12)
    let other = try pixels(plain)
    #expect(Array(other.prefix(9)) == [0, 0, 0, 0, 3, 11, 0, 12, 19])
    #expect(Array(other.suffix(3)) == [141, 141, 90])
  }

  @Test func otherNumbersOfChannelsAreRefused() throws {
    var two = SampleImages.cmykJPEG
    let frame = try #require(
      two.indices.dropLast().first { two[$0] == 0xFF && two[$0 + 1] == 0xC0 })
    // The length of the frame, its number of channels, and no third and fourth one; then those of the scan.
    two[frame + 3] -= 6
    two[frame + 9] = 2
    two.removeSubrange(frame + 16..<frame + 22)
    let scan = try #require(
      two.indices.dropLast().first { two[$0] == 0xFF && two[$0 + 1] == 0xDA })
    two[scan + 3] -= 4
    two[scan + 4] = 2
    two.removeSubrange(scan + 9..<scan + 13)
    #expect(
      try message(two)
        == "a.jpg: bad JPEG data: expected a grey, an RGB or a CMYK image, got 2 channels")
  }

  @Test func aHeaderThatLiesAllocatesNothing() throws {
    var huge = GreyJPEG.plain
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
