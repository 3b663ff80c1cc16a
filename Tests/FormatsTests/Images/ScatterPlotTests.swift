import Testing

@testable import Formats

@Suite struct ScatterPlotTests {
  /// The colour of a pixel of a picture.
  private func pixel(_ image: RasterImage, x: Int, y: Int) -> [UInt8] {
    let start = 3 * (y * image.width + x)
    return Array(image.pixels[start..<start + 3])
  }

  /// Within the square of 60 x 60 pixels, which begins at (30, 30).
  @Test func pointsStandWhereTheirNumbersSay() {
    let plot = ScatterPlot(side: 60, dot: 2)
    let image = plot.image(of: [0, -1, 1, 1, 0.5, 0], nil)
    #expect([image.height, image.width, image.channels] == [120, 120, 3])
    let white: [UInt8] = [255, 255, 255]
    // The least x is on the left, the least y at the bottom.
    for (x, y) in [(30, 88), (31, 89), (88, 30), (89, 31), (59, 59)] {
      #expect(pixel(image, x: x, y: y) != white, "\(x), \(y)")
    }
    for (x, y) in [(45, 50), (88, 88), (62, 59)] { #expect(pixel(image, x: x, y: y) == white) }
  }

  @Test func classesHaveColoursAndNames() {
    let plot = ScatterPlot(side: 60, dot: 2)
    let points: [Float] = [0, 0, 1, 1]
    let image = plot.image(of: points, [0, 2])
    let legend = (0..<3).map { pixel(image, x: 2 * 30 + 60, y: 30 + 20 * $0) }
    #expect(Set(legend).count == 3)
    #expect(image.width > 120)
    #expect(plot.image(of: points, [0, 2], names: ["cat", "dog", "Elch"]).width > image.width)
    // No letter for this one.
    #expect(plot.image(of: points, [0, 2], names: ["é", "ü", "?"]) == image)
  }

  @Test func anyNumbersGiveAPicture() {
    let plot = ScatterPlot(side: 10, dot: 30)
    for points in [
      [], [1, 1], [.nan, 1, 2, 2], [.infinity, 0], [3, 3, 3, 3],
      [-Float.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude, 1e-38],
    ] as [[Float]] {
      let image = plot.image(of: points, [Int](repeating: 1, count: points.count / 2))
      #expect(image.channels == 3)
    }
  }
}
