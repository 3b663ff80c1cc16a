/// Reads a picture in any of the formats known, which its first bytes tell.
public enum ImageFile {
  /// The endings of the names of such files, in lower case.
  public static let endings = [".png", ".jpg", ".jpeg"]

  /// Whether a file of this name should be a picture.
  public static func isNamed(_ path: String) -> Bool {
    let name = path.lowercased()
    return endings.contains { name.hasSuffix($0) }
  }

  /// The paths of the pictures in a folder and in those within it, without its own; see `Directory.files`.
  ///
  /// Throws: `FormatError` where the folder, or one in it, cannot be read.
  public static func names(below folder: String) throws(FormatError) -> [String] {
    try Directory.files(below: folder).filter(isNamed)
  }

  /// Reads a file; see `PNGFile.decode` and `JPEGFile.decode`.
  public static func read(
    _ path: String, channels: Int? = nil, limit: Int = PNGFile.defaultLimit
  ) throws(FormatError) -> RasterImage {
    try decode(FileBytes.read(path), file: path, channels: channels, limit: limit)
  }

  /// How the picture in the bytes of a file lies there; `upright` where nothing is noted.
  public static func orientation(of bytes: UnsafeRawBufferPointer) -> EXIFOrientation {
    JPEGFile.isJPEG(bytes) ? EXIFOrientation(ofJPEG: bytes) : .upright
  }

  /// Reads the bytes of a file; `file` is the name in errors, `channels` nil keeps those of the file, and unless
  /// `turns` is false the picture is turned as its orientation says.
  ///
  /// Throws: `FormatError` for bytes that are neither PNG nor JPEG, and as the formats do.
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
    if PNGFile.isPNG(bytes) {
      return try PNGFile.decode(bytes, file: file, channels: channels, limit: limit)
    }
    if JPEGFile.isJPEG(bytes) {
      return try JPEGFile.decode(
        bytes, file: file, channels: channels, turns: turns, limit: limit)
    }
    throw FormatError(
      .badData, file: file, at: .byte(0),
      "expected a PNG or JPEG image, got \(hexadecimal(bytes.prefix(4)))")
  }
}
