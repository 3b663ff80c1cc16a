/// How a picture lies in its file, as the camera noted it (Exif's tag Orientation, 0x0112), and the turn that puts it
/// upright.
///
/// The raw values are those of the tag. Source: CIPA DC-008 (Exif 2.32), 4.5.5 and 4.6.4; TIFF 6.0, section 2.
public enum EXIFOrientation: Int, CaseIterable, Sendable {
  /// As it is to be seen.
  case upright = 1
  /// Left and right are exchanged.
  case mirrored
  /// Upside down: turned by 180 degrees.
  case turned180
  /// Above and below are exchanged.
  case flipped
  /// Rows and columns are exchanged.
  case transposed
  /// To be turned by 90 degrees clockwise.
  case turned90
  /// Rows and columns are exchanged, and the picture is upside down.
  case transversed
  /// To be turned by 90 degrees counterclockwise.
  case turned270

  /// That of a JPEG file; `upright` where it notes none, or what it notes is damaged.
  public init(ofJPEG bytes: UnsafeRawBufferPointer) {
    self = Self.noted(inJPEG: bytes) ?? .upright
  }

  /// The segments of a JPEG file in front of its pixels, of which one APP1 may be Exif's.
  private static func noted(inJPEG bytes: UnsafeRawBufferPointer) -> EXIFOrientation? {
    let (fill, applicationSegment, startOfScan, end): (UInt8, UInt8, UInt8, UInt8) = (
      0xFF, 0xE1, 0xDA, 0xD9
    )
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == fill {
      let marker = bytes[position + 1]
      if marker == fill {
        position += 1
        continue
      }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let next = position + 2 + length
      guard marker != startOfScan, marker != end, length >= 2, next <= bytes.count else { break }
      if marker == applicationSegment {
        let segment = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<next])
        if let noted = noted(inSegment: segment) { return noted }
      }
      position = next
    }
    return nil
  }

  /// What a segment notes: `Exif`, two zeros and a TIFF file, whose first directory may have the tag.
  private static func noted(inSegment bytes: UnsafeRawBufferPointer) -> EXIFOrientation? {
    guard bytes.starts(with: Array("Exif".utf8) + [0, 0]) else { return nil }
    let tiff = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(6))
    let isLittle = tiff.starts(with: "II".utf8)
    guard isLittle || tiff.starts(with: "MM".utf8) else { return nil }
    func number(at place: Int, bytes count: Int) -> Int? {
      guard place >= 0, place <= tiff.count - count else { return nil }
      return (0..<count).reduce(0) { number, index in
        number << 8 | Int(tiff[place + (isLittle ? count - 1 - index : index)])
      }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let entries = number(at: directory, bytes: 2)
    else { return nil }
    for index in 0..<entries {
      let entry = directory + 2 + 12 * index
      guard let tag = number(at: entry, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // One number of 16 bits, at the beginning of the entry's four bytes.
      guard number(at: entry + 2, bytes: 2) == 3, number(at: entry + 4, bytes: 4) == 1,
        let value = number(at: entry + 8, bytes: 2)
      else { return nil }
      return EXIFOrientation(rawValue: value)
    }
    return nil
  }

  /// Whether the rows of the file are columns of the picture.
  private var exchangesAxes: Bool { rawValue >= 5 }

  /// The picture that a stored one means.
  public func upright(_ stored: RasterImage) -> RasterImage {
    guard self != .upright else { return stored }
    let (channels, column) = (stored.channels, stored.channels)
    let row = stored.width * column
    let (lastRow, lastColumn) = ((stored.height - 1) * row, (stored.width - 1) * column)
    // Where the first pixel is stored, and how far from it those below and to the right.
    let (first, below, right) =
      switch self {
      case .upright: (0, row, column)
      case .mirrored: (lastColumn, row, -column)
      case .turned180: (lastRow + lastColumn, -row, -column)
      case .flipped: (lastRow, -row, column)
      case .transposed: (0, column, row)
      case .turned90: (lastRow, column, -row)
      case .transversed: (lastRow + lastColumn, -column, -row)
      case .turned270: (lastColumn, -column, row)
      }
    let (height, width) =
      exchangesAxes ? (stored.width, stored.height) : (stored.height, stored.width)
    let count = stored.pixels.count
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      stored.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<height {
          for x in 0..<width {
            let (from, to) = (first + y * below + x * right, (y * width + x) * channels)
            for channel in 0..<channels { buffer[to + channel] = pixels[from + channel] }
          }
        }
      }
      initialized = count
    }
    return RasterImage(height: height, width: width, channels: channels, pixels: pixels)
  }
}
