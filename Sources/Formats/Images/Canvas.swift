/// A colour of a picture.
struct Colour: Sendable, Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// One of `count` colours that are easy to tell apart: hues all around, every other one darker.
  init(of index: Int, among count: Int) {
    let hue = 6 * Double(index) / Double(max(1, count))
    let value = index % 2 == 0 ? 235.0 : 150.0
    func channel(_ shift: Double) -> UInt8 {
      let position = (hue + shift).truncatingRemainder(dividingBy: 6)
      return UInt8(value * min(max(abs(position - 3) - 1, 0.1), 1))
    }
    self.init(red: channel(0), green: channel(4), blue: channel(2))
  }
}

/// A picture that is drawn.
struct Canvas: Sendable {
  private let height: Int
  private let width: Int
  private var pixels: [UInt8]

  init(height: Int, width: Int, _ colour: Colour) {
    (self.height, self.width) = (height, width)
    pixels = []
    pixels.reserveCapacity(3 * height * width)
    for _ in 0..<height * width { pixels += [colour.red, colour.green, colour.blue] }
  }

  var image: RasterImage { RasterImage(height: height, width: width, channels: 3, pixels: pixels) }

  /// Blends a rectangle in; what is beyond the picture is left out.
  mutating func fill(
    top: Int, left: Int, height: Int, width: Int, _ colour: Colour, opacity: Double = 1
  ) {
    for y in (top..<top + height).clamped(to: 0..<self.height) {
      for x in (left..<left + width).clamped(to: 0..<self.width) {
        let pixel = 3 * (y * self.width + x)
        for (channel, value) in [colour.red, colour.green, colour.blue].enumerated() {
          let old = Double(pixels[pixel + channel])
          pixels[pixel + channel] = UInt8((old + opacity * (Double(value) - old)).rounded())
        }
      }
    }
  }

  /// A square of lines, one pixel wide, around `side` x `side` pixels.
  mutating func outline(top: Int, left: Int, side: Int, _ colour: Colour) {
    for (y, x, height, width) in [
      (top - 1, left - 1, 1, side + 2), (top + side, left - 1, 1, side + 2),
      (top, left - 1, side, 1), (top, left + side, side, 1),
    ] {
      fill(top: y, left: x, height: height, width: width, colour)
    }
  }

  /// Writes a text; nothing where it has other characters than `BitmapFont`.
  mutating func write(_ text: String, top: Int, left: Int, scale: Int, _ colour: Colour) {
    for (y, row) in (BitmapFont.rows(of: text) ?? []).enumerated() {
      for (x, isOn) in row.enumerated() where isOn {
        fill(
          top: top + y * scale, left: left + x * scale, height: scale, width: scale, colour)
      }
    }
  }
}
