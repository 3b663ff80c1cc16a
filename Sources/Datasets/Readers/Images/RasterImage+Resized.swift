import Formats

extension RasterImage {
  /// The picture in another size, as `Resampling` makes it, rounded to bytes.
  func resized(height: Int, width: Int) -> RasterImage {
    if height == self.height, width == self.width { return self }
    let resampling = Resampling(
      from: (self.height, self.width), to: (height, width), channels: channels)
    let (old, new) = (pixels.count, height * width * channels)
    let pixels = withUnsafeTemporaryAllocation(of: Float.self, capacity: max(old, new)) { values in
      guard let base = values.baseAddress else { return [UInt8]() }
      for (index, pixel) in self.pixels.enumerated() { base[index] = Float(pixel) }
      resampling.apply(base)
      // Weighted means of bytes are never beyond them but for their rounding.
      return (0..<new).map { UInt8(min(max(base[$0].rounded(), 0), 255)) }
    }
    return RasterImage(height: height, width: width, channels: channels, pixels: pixels)
  }
}
