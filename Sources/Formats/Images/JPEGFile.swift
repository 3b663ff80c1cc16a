import CImages

/// Reads JPEG (ISO/IEC 10918-1) by libjpeg-turbo.
public enum JPEGFile {
  /// A bit can stand for a block of 64 samples, and one of each 16 x 16 pixels for a block of colour; progressive files
  /// come a little above that.
  static let maximumRatio = 2048

  /// Whether the bytes begin as a JPEG file does.
  public static func isJPEG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: [0xFF, 0xD8, 0xFF])
  }

  /// Reads the bytes of a file, grey or RGB; `file` is the name in errors, `channels` nil keeps those of the file.
  ///
  /// The colours of print, CMYK and YCCK, become RGB without a colour profile: R = (1 - C)(1 - K). Where the file has
  /// an Adobe marker, it holds 1 - C instead of C. Unless `turns` is false, the picture is turned as `EXIFOrientation`
  /// says.
  /// Data that are cut short or broken are an error, where libjpeg by itself would fill in grey.
  /// Throws: `FormatError` for a damaged file, and before memory is reserved for one that declares more pixels than its
  /// bytes can hold or more than `limit` bytes of pixels.
  public static func decode(
    _ bytes: [UInt8], file: String, channels: Int? = nil, turns: Bool = true,
    limit: Int = PNGFile.defaultLimit
  ) throws(FormatError) -> RasterImage {
    try bytes.withUnsafeBufferPointer { bytes throws(FormatError) in
      try decode(
        UnsafeRawBufferPointer(bytes), file: file, channels: channels, turns: turns, limit: limit)
    }
  }

  /// The same for bytes that lie anywhere.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, file: String, channels: Int? = nil, turns: Bool = true,
    limit: Int = PNGFile.defaultLimit
  ) throws(FormatError) -> RasterImage {
    let coded = CodedImage(
      format: "JPEG", maximumRatio: maximumRatio, readHeader: cimages_jpeg_header,
      readPixels: cimages_jpeg_read)
    let stored = try coded.decode(bytes, file: file, channels: channels, limit: limit)
    return turns ? EXIFOrientation(ofJPEG: bytes).upright(stored) : stored
  }
}
