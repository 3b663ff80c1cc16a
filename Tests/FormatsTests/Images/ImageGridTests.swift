import Testing

@testable import Formats

@Suite struct ImageGridTests {
  @Test func picturesStandInRowsBetweenLines() {
    let grid = ImageGrid(columns: 2, separator: 1, separatorGrey: 9)
    // Three pictures of 1 x 2 pixels; the fourth place stays empty.
    let image = grid.image(
      of: [0, 1, 0.5, 0.2, 1, 0], count: 3, height: 1, width: 2, channels: 1)
    #expect([image.height, image.width, image.channels] == [5, 7, 1])
    let rows = (0..<5).map { Array(image.pixels[$0 * 7..<$0 * 7 + 7]) }
    let line = [UInt8](repeating: 9, count: 7)
    #expect(
      rows == [line, [9, 0, 255, 9, 128, 51, 9], line, [9, 255, 0, 9, 9, 9, 9], line])
  }

  @Test func coloursKeepTheirOrder() {
    let grid = ImageGrid(columns: 8, separator: 0)
    let image = grid.image(
      of: [0, 0.2, 0.4, 0.6, 0.8, 1], count: 2, height: 1, width: 1, channels: 3)
    #expect(
      image == RasterImage(height: 1, width: 2, channels: 3, pixels: [0, 51, 102, 153, 204, 255]))
  }

  @Test func valuesBeyondTheRangeAreItsEnds() {
    let grid = ImageGrid(columns: 6, range: -1...1, separator: 0)
    let image = grid.image(
      of: [-1, 0, 1, -7, .infinity, .nan], count: 6, height: 1, width: 1, channels: 1)
    #expect(image.pixels == [0, 128, 255, 0, 255, 0])
  }

  @Test func zoomRepeatsPixels() {
    let grid = ImageGrid(columns: 1, separator: 0, zoom: 2)
    let image = grid.image(of: [0, 1], count: 1, height: 1, width: 2, channels: 1)
    #expect(image.pixels == [0, 0, 255, 255, 0, 0, 255, 255])
  }
}
