import CImages

/// The steps that PNG and JPEG have in common: read the header, check what it declares, read the pixels.
struct CodedImage {
  typealias Reading = (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<CImage>) -> CInt

  /// `PNG` or `JPEG`.
  let format: String
  /// Unpacked bytes that one byte of a file can at most stand for.
  let maximumRatio: Int
  let readHeader: Reading
  let readPixels:
    (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<CImage>, UnsafeMutablePointer<UInt8>) -> CInt

  /// What a small file of few bytes may unpack to beyond `maximumRatio`.
  private static let slack = 1 << 16

  /// Reads the image in `bytes`; `channels` nil keeps those of the file.
  ///
  /// Throws: `FormatError` for a damaged file, and before memory is reserved for one that declares more pixels than its
  /// bytes can hold or more than `limit` bytes of pixels.
  func decode(
    _ bytes: UnsafeRawBufferPointer, file: String, channels: Int?, limit: Int
  ) throws(FormatError) -> RasterImage {
    guard let start = bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count > 0 else {
      throw FormatError(.badData, file: file, "expected a \(format) image, got no bytes")
    }
    var header = CImage()
    guard readHeader(start, bytes.count, &header) == 1 else { throw damage(header, file) }
    let (height, width) = (Int(header.height), Int(header.width))
    let (own, bits) = (Int(header.channels), Int(header.bits))
    let packed = [height, width].product(times: bits).map { $0 / 8 }
    guard let packed, packed <= bytes.count * maximumRatio + Self.slack else {
      throw FormatError(
        .badData, file: file,
        "the \(format) header declares \(width) x \(height) pixels of \(bits) bits, more than "
          + "\(bytes.count) bytes can hold")
    }
    guard let size = [height, width].product(times: max(own, channels ?? own)), size <= limit else {
      throw FormatError(
        .badData, file: file,
        "the \(format) header declares \(width) x \(height) pixels; at most \(limit) bytes are read"
      )
    }
    var isRead = false
    let pixels = [UInt8](unsafeUninitializedCapacity: height * width * own) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      isRead = readPixels(start, bytes.count, &header, base) == 1
      count = isRead ? height * width * own : 0
    }
    guard isRead else { throw damage(header, file) }
    let image = RasterImage(height: height, width: width, channels: own, pixels: pixels)
    return channels.map { image.converted(to: $0) } ?? image
  }

  private func damage(_ image: CImage, _ file: String) -> FormatError {
    FormatError(.badData, file: file, "bad \(format) data: \(image.text)")
  }
}

extension CImage {
  /// What the C functions say is wrong.
  var text: String {
    withUnsafeBytes(of: message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
