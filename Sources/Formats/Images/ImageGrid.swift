/// Pictures beside and below one another, in rows, with lines between them: samples at a glance.
public struct ImageGrid: Sendable {
  /// How many pictures a row has.
  public var columns: Int
  /// How many pixels wide the lines between them, and around them, are.
  public var separator: Int
  /// The grey of the lines.
  public var separatorGrey: UInt8
  /// The values that are shown as black and white; what lies beyond is shown as those.
  public var range: ClosedRange<Float>
  /// How many pixels of the grid each pixel of a picture is high and wide.
  public var zoom: Int

  /// A grid with at least one column; `range` is 0...1 or, for pictures of the range of tanh, -1...1.
  public init(
    columns: Int, range: ClosedRange<Float> = 0...1, separator: Int = 2,
    separatorGrey: UInt8 = 128, zoom: Int = 1
  ) {
    precondition(columns > 0 && zoom > 0 && separator >= 0, "a grid has columns and pixels")
    self.columns = columns
    self.range = range
    self.separator = separator
    self.separatorGrey = separatorGrey
    self.zoom = zoom
  }

  /// Puts `count` pictures [H, W, C], which lie behind one another in `values`, into one; C is 1 (grey) or 3 (RGB).
  ///
  /// A value x becomes the byte 255 (x - low) / (high - low), rounded; NaN becomes 0. The last row may have gaps, which
  /// look like the lines.
  public func image(
    of values: UnsafeBufferPointer<Float>, count: Int, height: Int, width: Int, channels: Int
  ) -> RasterImage {
    precondition(channels == 1 || channels == 3, "pictures in a grid are grey or RGB")
    precondition(values.count >= count * height * width * channels, "fewer values than pictures")
    let rows = (count + columns - 1) / columns
    let across = min(columns, max(1, count))
    let (cellHeight, cellWidth) = (height * zoom + separator, width * zoom + separator)
    let total = (height: rows * cellHeight + separator, width: across * cellWidth + separator)
    var pixels = [UInt8](repeating: separatorGrey, count: total.height * total.width * channels)
    let factor = 255 / (range.upperBound - range.lowerBound)
    for picture in 0..<count {
      let top = picture / columns * cellHeight + separator
      let left = picture % columns * cellWidth + separator
      for y in 0..<height * zoom {
        for x in 0..<width * zoom {
          let source = ((picture * height + y / zoom) * width + x / zoom) * channels
          let target = ((top + y) * total.width + left + x) * channels
          for channel in 0..<channels {
            let value = (values[source + channel] - range.lowerBound) * factor
            // Written so that NaN, which compares with nothing, is 0.
            pixels[target + channel] = value > 0 ? UInt8(min(value, 255).rounded()) : 0
          }
        }
      }
    }
    return RasterImage(
      height: total.height, width: total.width, channels: channels, pixels: pixels)
  }

  /// The same for pictures in an array.
  public func image(
    of values: [Float], count: Int, height: Int, width: Int, channels: Int
  ) -> RasterImage {
    values.withUnsafeBufferPointer {
      image(of: $0, count: count, height: height, width: width, channels: channels)
    }
  }
}
