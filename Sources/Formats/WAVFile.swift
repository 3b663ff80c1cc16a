/// Sound in the RIFF format WAVE: one or more channels of samples, so many a second.
///
///     "RIFF" size "WAVE" | chunks: name[4] size, 32-bit | contents, padded to an even length
///
/// All numbers are little-endian. The chunk "fmt " comes before "data": its format 1 is PCM of 8 bits (unsigned), 16, 24
/// or 32 bits (signed), 3 is floats of 32 or 64; FFFE says by its sub-format which of both. Other chunks are passed
/// over.
///
/// A program that writes into a pipe cannot go back to say how much it wrote. It leaves sizes of 0, or near 2^31 or
/// 2^32, and the samples go to the end of the file.
public struct WAVFile: Sendable, Equatable {
  /// How many samples of each channel there are in a second.
  public let sampleRate: Int
  public let channels: Int
  /// The samples of all channels at one time, then those at the next: from -1 to 1 where they were whole numbers.
  public let samples: [Float]

  /// Reads a file, gzipped or not.
  ///
  /// Throws: `FormatError` where it cannot be read, is no such file, is cut short or holds samples beyond all bounds.
  public init(
    reading path: String, limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) {
    try self.init(parsing: Gzip.read(path, limit: limit), file: path)
  }

  /// Reads the bytes of an unpacked file; `file` is the name in errors.
  public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
    func fail(at byte: Int, _ message: String) -> FormatError {
      FormatError(.badData, file: file, at: .byte(byte), message)
    }
    guard bytes.count >= 12, bytes[0..<4].elementsEqual("RIFF".utf8),
      bytes[8..<12].elementsEqual("WAVE".utf8)
    else { throw fail(at: 0, "expected a WAVE file (RIFF size WAVE), got other bytes") }
    let total = Int(bytes.littleEndian(UInt32.self, at: 4))
    var layout: WAVLayout?
    var position = 12
    while bytes.count - position >= 8 {
      var size = Int(bytes.littleEndian(UInt32.self, at: position + 4))
      let name = bytes[position..<position + 4]
      let start = position + 8
      if let layout, name.elementsEqual("data".utf8),
        Self.isUnset(size, of: total, before: bytes.count - start, at: start)
      {
        size = layout.wholeFrames(bytes.count - start)
      }
      guard size <= bytes.count - start else {
        throw fail(
          at: start,
          "expected \(size) bytes of a chunk, got \(bytes.count - start): the file is cut short")
      }
      if name.elementsEqual("fmt ".utf8) {
        layout = try WAVLayout(bytes[start..<start + size], file: file)
      } else if name.elementsEqual("data".utf8) {
        guard let layout else { throw fail(at: position, "the samples stand before their format") }
        sampleRate = layout.sampleRate
        channels = layout.channels
        samples = try layout.samples(bytes[start..<start + size], file: file)
        return
      }
      position = start + size + size % 2
    }
    throw fail(
      at: min(position, bytes.count), "expected a chunk of samples, got the end of the file")
  }

  /// Whether the size of the samples is one that was never filled in: one too large for any file to be cut short from,
  /// or 0 where bytes follow that belong to no chunk of the `total` that the file declares.
  private static func isUnset(_ size: Int, of total: Int, before rest: Int, at start: Int) -> Bool {
    // FFFFFFFF or 7FFFFFFF, or that without the headers or in whole pages.
    func isBoundless(_ size: Int) -> Bool {
      [1 << 31, 1 << 32].contains { ($0 - 4096..<$0).contains(size) }
    }
    if size > rest { return isBoundless(size) }
    return size == 0 && (total == 0 || isBoundless(total) || start >= total + 8)
  }

  /// The mean of all channels at each time.
  public var mono: [Float] {
    if channels == 1 { return samples }
    return (0..<samples.count / channels).map { time in
      samples[time * channels..<(time + 1) * channels].reduce(0, +) / Float(channels)
    }
  }
}

/// What the format chunk says of the samples.
private struct WAVLayout {
  let channels: Int
  let sampleRate: Int
  private let sample: Sample

  private enum Sample: Int {
    case unsigned8 = 8
    case signed16 = 16
    case signed24 = 24
    case signed32 = 32
    case float32 = -32
    case float64 = -64

    var size: Int { abs(rawValue) / 8 }
  }

  /// Throws: `FormatError` for a chunk that is too short, or a format that is not read.
  init(_ chunk: ArraySlice<UInt8>, file: String) throws(FormatError) {
    let bytes = Array(chunk)
    func fail(_ message: String) -> FormatError {
      FormatError(.badData, file: file, at: .byte(chunk.startIndex), message)
    }
    guard bytes.count >= 16 else {
      throw fail("expected a format of 16 bytes or more, got \(bytes.count)")
    }
    var format = Int(bytes.littleEndian(UInt16.self, at: 0))
    // The sub-format begins with the number of a format.
    if format == 0xFFFE, bytes.count >= 26 { format = Int(bytes.littleEndian(UInt16.self, at: 24)) }
    channels = Int(bytes.littleEndian(UInt16.self, at: 2))
    sampleRate = Int(bytes.littleEndian(UInt32.self, at: 4))
    let bits = Int(bytes.littleEndian(UInt16.self, at: 14))
    guard channels > 0, sampleRate > 0 else {
      throw fail("expected channels and a sample rate, got \(channels) and \(sampleRate)")
    }
    guard format == 1 || format == 3, let sample = Sample(rawValue: format == 3 ? -bits : bits)
    else {
      throw fail(
        "expected PCM of 8, 16, 24 or 32 bits or floats of 32 or 64, got format \(format) of "
          + "\(bits) bits")
    }
    self.sample = sample
  }

  /// How many of some bytes are samples of all channels.
  func wholeFrames(_ count: Int) -> Int { count - count % (sample.size * channels) }

  /// Beyond any sound, and small enough for powers of sums to be finite.
  private static let largest: Float = 0x1p31

  /// Throws: `FormatError` for samples that are not whole, not finite or beyond all bounds.
  func samples(_ chunk: ArraySlice<UInt8>, file: String) throws(FormatError) -> [Float] {
    let (size, start) = (sample.size, chunk.startIndex)
    guard chunk.count % (size * channels) == 0 else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "expected samples of \(size * channels) bytes, got \(chunk.count) bytes")
    }
    let bytes = Array(chunk)
    var samples = [Float](repeating: 0, count: bytes.count / size)
    for index in samples.indices {
      let place = index * size
      samples[index] =
        switch sample {
        case .unsigned8: (Float(bytes[place]) - 128) / 0x1p7
        case .signed16:
          Float(Int16(bitPattern: bytes.littleEndian(UInt16.self, at: place))) / 0x1p15
        case .signed24:
          Float(
            Int32(bytes[place]) | Int32(bytes[place + 1]) << 8
              | Int32(Int8(bitPattern: bytes[place + 2])) << 16) / 0x1p23
        case .signed32:
          Float(Int32(bitPattern: bytes.littleEndian(UInt32.self, at: place))) / 0x1p31
        case .float32: Float(bitPattern: bytes.littleEndian(UInt32.self, at: place))
        case .float64: Float(Double(bitPattern: bytes.littleEndian(UInt64.self, at: place)))
        }
      guard samples[index].magnitude <= Self.largest else {
        throw FormatError(
          .badData, file: file, at: .byte(start + place),
          "expected a sample from -2^31 to 2^31, got \(samples[index])")
      }
    }
    return samples
  }
}

extension [UInt8] {
  /// The little-endian number at a place, all of which there is.
  fileprivate func littleEndian<Number: FixedWidthInteger>(_: Number.Type, at place: Int) -> Number
  {
    withUnsafeBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self))
    }
  }
}
