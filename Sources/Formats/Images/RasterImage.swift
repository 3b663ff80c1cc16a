/// A picture of bytes [H, W, C]: rows from the top, pixels from the left, 0 black and 255 white.
public struct RasterImage: Sendable, Equatable {
  public let height: Int
  public let width: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  public let channels: Int
  public let pixels: [UInt8]

  /// `pixels` holds height · width · channels bytes.
  public init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    precondition((1...4).contains(channels), "a pixel has 1 to 4 channels")
    precondition(pixels.count == height * width * channels, "the extents do not fit the pixels")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// The picture with another number of channels.
  ///
  /// Grey is repeated into RGB, and RGB becomes grey as the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded.
  /// Alpha is left out, and where it is asked for and not there, it is 255.
  public func converted(to channels: Int) -> RasterImage {
    guard channels != self.channels else { return self }
    precondition((1...4).contains(channels), "a pixel has 1 to 4 channels")
    let (count, old) = (height * width, self.channels)
    let wasColour = old >= 3
    let becomesColour = channels >= 3
    let hasAlpha = channels % 2 == 0
    let result = [UInt8](unsafeUninitializedCapacity: count * channels) { buffer, initialized in
      for pixel in 0..<count {
        let (from, to) = (pixel * old, pixel * channels)
        if becomesColour {
          for i in 0..<3 { buffer[to + i] = pixels[from + (wasColour ? i : 0)] }
        } else {
          buffer[to] =
            wasColour
            ? luma(pixels[from], pixels[from + 1], pixels[from + 2]) : pixels[from]
        }
        if hasAlpha { buffer[to + channels - 1] = old % 2 == 0 ? pixels[from + old - 1] : 255 }
      }
      initialized = count * channels
    }
    return RasterImage(height: height, width: width, channels: channels, pixels: result)
  }
}

/// The weights are those of the equation, times 2^16.
private func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
  let sum = UInt32(red) * 19_595 + UInt32(green) * 38_470 + UInt32(blue) * 7471
  return UInt8((sum + 0x8000) >> 16)
}
