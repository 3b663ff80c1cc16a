import CImages
import Glibc

/// Reads and writes PNG (ISO/IEC 15948) by libpng.
public enum PNGFile {
  /// The most bytes of pixels that are read where the caller sets no limit of its own: 1 GiB.
  public static let defaultLimit = 1 << 30

  /// Whether the bytes begin as a PNG file does.
  public static func isPNG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  /// Reads a file; see `decode`.
  public static func read(
    _ path: String, channels: Int? = nil, limit: Int = defaultLimit
  ) throws(FormatError) -> RasterImage {
    try decode(FileBytes.read(path), file: path, channels: channels, limit: limit)
  }

  /// Reads the bytes of a file; `file` is the name in errors, `channels` nil keeps those of the file.
  ///
  /// Palettes become RGB, transparent colours alpha, samples of 16 bits are rounded to 8 and those of fewer spread over
  /// 0...255. Gamma and colour profiles are left out of account.
  /// Throws: `FormatError` for a damaged file, and before memory is reserved for one that declares more pixels than its
  /// bytes can hold or more than `limit` bytes of pixels.
  public static func decode(
    _ bytes: [UInt8], file: String, channels: Int? = nil, limit: Int = defaultLimit
  ) throws(FormatError) -> RasterImage {
    try bytes.withUnsafeBufferPointer { bytes throws(FormatError) in
      try decode(
        UnsafeRawBufferPointer(bytes), file: file, channels: channels, limit: limit)
    }
  }

  /// The same for bytes that lie anywhere.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, file: String, channels: Int? = nil, limit: Int = defaultLimit
  ) throws(FormatError) -> RasterImage {
    let coded = CodedImage(
      format: "PNG", maximumRatio: Gzip.maximumRatio, readHeader: cimages_png_header,
      readPixels: cimages_png_read)
    return try coded.decode(bytes, file: file, channels: channels, limit: limit)
  }

  /// The bytes of a PNG file with 8 bits a sample; `file` is the name in errors.
  ///
  /// Throws: `FormatError` where libpng refuses: an image without pixels, or more than a million of them in a row.
  public static func encode(_ image: RasterImage, file: String = "PNG") throws(FormatError)
    -> [UInt8]
  {
    guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height)
    else {
      throw FormatError(
        .cannotCreate, file: file, "no PNG file holds \(image.width) x \(image.height) pixels")
    }
    var header = CImage()
    header.width = width
    header.height = height
    header.channels = UInt32(image.channels)
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    let isWritten = image.pixels.withUnsafeBufferPointer { pixels in
      cimages_png_write(pixels.baseAddress, &header, &bytes, &count) == 1
    }
    guard isWritten, let bytes else {
      throw FormatError(.cannotCreate, file: file, "cannot write PNG: \(header.text)")
    }
    defer { free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Writes the file whole or not at all.
  public static func write(_ path: String, _ image: RasterImage) throws(FormatError) {
    try AtomicFile.write(path, encode(image, file: path))
  }
}
