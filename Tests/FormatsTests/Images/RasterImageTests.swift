import Testing

@testable import Formats

@Suite struct RasterImageTests {
  func pixel(_ values: UInt8...) -> RasterImage {
    RasterImage(height: 1, width: 1, channels: values.count, pixels: values)
  }

  @Test func greyIsTheLumaOfPillow() {
    // Pillow's convert("L") of R = 50 y, G = 40 x, B = 128.
    let expected: [UInt8] = [15, 38, 62, 85, 109, 132, 30, 53, 77, 100, 123, 147]
    var colours: [UInt8] = []
    for pixel in 0..<12 { colours += [UInt8(pixel / 6 * 50), UInt8(pixel % 6 * 40), 128] }
    let image = RasterImage(height: 2, width: 6, channels: 3, pixels: colours)
    #expect(image.converted(to: 1).pixels == expected)
    #expect(pixel(255, 255, 255).converted(to: 1).pixels == [255])
  }

  @Test func channelsAreRepeatedLeftOutAndAdded() {
    #expect(pixel(9).converted(to: 2) == pixel(9, 255))
    #expect(pixel(9).converted(to: 3) == pixel(9, 9, 9))
    #expect(pixel(9).converted(to: 4) == pixel(9, 9, 9, 255))
    #expect(pixel(9, 8).converted(to: 1) == pixel(9))
    #expect(pixel(9, 8).converted(to: 4) == pixel(9, 9, 9, 8))
    #expect(pixel(1, 2, 3, 4).converted(to: 3) == pixel(1, 2, 3))
    #expect(pixel(0, 0, 0, 4).converted(to: 2) == pixel(0, 4))
    #expect(pixel(1, 2, 3).converted(to: 4) == pixel(1, 2, 3, 255))
    #expect(pixel(1, 2, 3).converted(to: 3) == pixel(1, 2, 3))
  }
}
