import SamplePictures
import Testing

@testable import Formats

/// The tag Orientation of JPEG files, and the turns that it asks for.
@Suite struct EXIFOrientationTests {
  /// The bytes of a number, in either order.
  private func bytes(_ number: Int, _ count: Int, _ isLittle: Bool) -> [UInt8] {
    let little = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    return isLittle ? little : little.reversed()
  }

  /// A TIFF file whose directory has the width, then the tag.
  private func tiff(
    _ value: Int, isLittle: Bool, tag: Int = 0x0112, type: Int = 3, directory: Int = 8
  ) -> [UInt8] {
    func entry(_ tag: Int, _ type: Int, _ value: Int) -> [UInt8] {
      bytes(tag, 2, isLittle) + bytes(type, 2, isLittle) + bytes(1, 4, isLittle)
        + bytes(value, 2, isLittle) + [0, 0]
    }
    return Array((isLittle ? "II" : "MM").utf8) + bytes(42, 2, isLittle)
      + bytes(directory, 4, isLittle) + [UInt8](repeating: 0xAA, count: max(0, directory - 8))
      + bytes(2, 2, isLittle) + entry(0x0100, 3, 6) + entry(tag, type, value) + [0, 0, 0, 0]
  }

  /// A segment APP1 that begins with `Exif`.
  private func segment(_ tiff: [UInt8]) -> [UInt8] {
    [0xFF, 0xE1] + bytes(tiff.count + 8, 2, false) + Array("Exif".utf8) + [0, 0] + tiff
  }

  /// A JPEG file with some segments more, behind its first.
  private func jpeg(_ segments: [UInt8], of file: [UInt8] = GreyJPEG.plain) -> [UInt8] {
    // The file begins with two bytes and JFIF's segment of 18.
    Array(file.prefix(20)) + segments + file.dropFirst(20)
  }

  private func orientation(_ bytes: [UInt8]) -> EXIFOrientation {
    bytes.withUnsafeBytes { ImageFile.orientation(of: $0) }
  }

  /// On which sides of the picture the first row and the first column are stored (CIPA DC-008, 4.6.4 A).
  private static let sides: [(orientation: Int, row: String, column: String)] = [
    (1, "top", "left"), (2, "top", "right"), (3, "bottom", "right"), (4, "bottom", "left"),
    (5, "left", "top"), (6, "right", "top"), (7, "right", "bottom"), (8, "left", "bottom"),
  ]

  @Test(arguments: sides, [true, false])
  func theFirstRowAndColumnComeToTheirSides(
    place: (orientation: Int, row: String, column: String), isLittle: Bool
  ) throws {
    for (file, channels) in [(GreyJPEG.plain, 1), (SampleImages.jpeg, 3)] {
      let turned = jpeg(segment(tiff(place.orientation, isLittle: isLittle)), of: file)
      #expect(orientation(turned).rawValue == place.orientation)
      let stored = try JPEGFile.decode(file, file: "a.jpg")
      #expect(try JPEGFile.decode(turned, file: "a.jpg", turns: false) == stored)
      #expect(try ImageFile.decode(turned, file: "a.jpg", turns: false) == stored)
      let seen = try ImageFile.decode(turned, file: "a.jpg")
      let isUpright = ["top", "bottom"].contains(place.row)
      #expect([seen.height, seen.width] == (isUpright ? [5, 6] : [6, 5]))
      #expect(seen.channels == channels)
      for row in 0..<5 {
        for column in 0..<6 {
          var (x, y) = (0, 0)
          for (side, distance) in [(place.row, row), (place.column, column)] {
            switch side {
            case "top": y = distance
            case "bottom": y = seen.height - 1 - distance
            case "left": x = distance
            default: x = seen.width - 1 - distance
            }
          }
          let from = (row * 6 + column) * channels
          let to = (y * seen.width + x) * channels
          #expect(
            seen.pixels[to..<to + channels].elementsEqual(stored.pixels[from..<from + channels]))
        }
      }
    }
  }

  @Test func theDirectoryMayLieAnywhereAndOtherSegmentsAreNone() {
    #expect(orientation(jpeg(segment(tiff(6, isLittle: true, directory: 31)))) == .turned90)
    let text = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
    let other: [UInt8] = [0xFF, 0xE1] + bytes(text.count + 2, 2, false) + text
    #expect(orientation(jpeg(other + segment(tiff(3, isLittle: false)))) == .turned180)
    // Bytes of 255 may stand in front of a marker.
    #expect(orientation(jpeg([0xFF, 0xFF] + segment(tiff(8, isLittle: false)))) == .turned270)
    #expect(orientation(GreyJPEG.plain) == .upright)
    #expect(orientation(SampleImages.palettePNG) == .upright)
    #expect(orientation([]) == .upright)
  }

  @Test func whatIsDamagedIsNoOrientation() throws {
    let good = tiff(6, isLittle: false)
    func changed(_ place: Int, _ bytes: [UInt8]) -> [UInt8] {
      var file = good
      file.replaceSubrange(place..<place + bytes.count, with: bytes)
      return file
    }
    let damaged: [[UInt8]] = [
      tiff(0, isLittle: false), tiff(9, isLittle: false), tiff(6, isLittle: false, tag: 0x0113),
      tiff(6, isLittle: false, type: 4), Array(good.prefix(20)), Array(good.prefix(31)), [],
      Array("MM".utf8), changed(0, Array("XX".utf8)), changed(0, Array("II".utf8)),
      changed(2, [0, 43]), changed(4, [0xFF, 0xFF, 0xFF, 0xFF]), changed(8, [0, 1]),
      Array(changed(8, [0xFF, 0xFF]).prefix(22)),
    ]
    let stored = try JPEGFile.decode(GreyJPEG.plain, file: "a.jpg")
    for block in damaged {
      let file = jpeg(segment(block))
      #expect(orientation(file) == .upright, "\(block)")
      #expect(try JPEGFile.decode(file, file: "a.jpg") == stored)
    }
    // Neither cut nor changed bytes trap.
    let whole = jpeg(segment(good))
    for count in 0...whole.count { _ = orientation(Array(whole.prefix(count))) }
    for place in whole.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var bad = whole
        bad[place] = value
        _ = orientation(bad)
      }
    }
    expectHostileInputIsRefused(whole) { bytes throws(FormatError) in
      _ = try JPEGFile.decode(bytes, file: "a.jpg")
    }
  }
}
