/// The numbers of an IDX file, kept as narrow as they came: an image set stays a byte a pixel.
public enum IDXValues: Sendable, Equatable {
  /// Type 08.
  case bytes([UInt8])
  /// Types 09, 0B and 0C: signed integers of 8, 16 and 32 bits.
  case integers([Int32])
  /// Type 0D.
  case floats([Float])
  /// Type 0E.
  case doubles([Double])

  public var count: Int {
    switch self {
    case .bytes(let values): values.count
    case .integers(let values): values.count
    case .floats(let values): values.count
    case .doubles(let values): values.count
    }
  }
}

/// An array in the IDX format of the MNIST files.
///
///     0 0 type rank | rank extents, 32-bit | values in C order
///
/// All numbers are big-endian. The types are 08 (u8), 09 (i8), 0B (i16), 0C (i32), 0D (f32) and 0E (f64). The length
/// must be exactly what the header says.
public struct IDXFile: Sendable, Equatable {
  /// The extents, outermost first; at least one.
  public let dimensions: [Int]
  public let values: IDXValues

  /// `dimensions` must multiply to the number of values.
  public init(dimensions: [Int], values: IDXValues) {
    precondition(dimensions.reduce(1, *) == values.count, "the extents do not fit the values")
    self.dimensions = dimensions
    self.values = values
  }

  /// Reads a file, gzipped or not.
  ///
  /// Throws: `FormatError` where it cannot be read, is no IDX file, or is longer or shorter than its header says.
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
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw fail(at: 0, "expected an IDX file (0 0 type rank), got \(hexadecimal(bytes.prefix(4)))")
    }
    guard let type = IDXType(rawValue: bytes[2]) else {
      throw fail(
        at: 2, "expected an IDX type of 08 09 0B 0C 0D 0E, got \(hexadecimal(bytes[2...2]))")
    }
    let rank = Int(bytes[3])
    let header = 4 + 4 * rank
    guard rank > 0 else { throw fail(at: 3, "expected at least one axis, got 0") }
    guard bytes.count >= header else {
      throw fail(
        at: bytes.count,
        "expected \(header) bytes of header for \(rank) axes, got the end of the file")
    }
    let dimensions = (0..<rank).map { Int(bytes.bigEndian(UInt32.self, at: 4 + 4 * $0)) }
    guard let size = dimensions.product(times: type.size) else {
      throw fail(at: 4, "the extents \(dimensions) are beyond any file")
    }
    guard size == bytes.count - header else {
      throw fail(
        at: header,
        "expected \(size) bytes of data for the extents \(dimensions), got \(bytes.count - header)")
    }
    self.dimensions = dimensions
    values = type.values(of: bytes, from: header)
  }

  /// The bytes of an unpacked file; integers are written as type 0C.
  public var encoded: [UInt8] {
    let type: IDXType =
      switch values {
      case .bytes: .unsigned8
      case .integers: .signed32
      case .floats: .float32
      case .doubles: .float64
      }
    var bytes: [UInt8] = [0, 0, type.rawValue, UInt8(dimensions.count)]
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }
    for dimension in dimensions { append(UInt32(dimension)) }
    switch values {
    case .bytes(let values): bytes += values
    case .integers(let values): for value in values { append(value) }
    case .floats(let values): for value in values { append(value.bitPattern) }
    case .doubles(let values): for value in values { append(value.bitPattern) }
    }
    return bytes
  }

  /// Writes the file whole or not at all, gzipped where the path ends in `.gz`.
  public func write(_ path: String) throws(FormatError) {
    let bytes = encoded
    try AtomicFile.write(
      path, path.hasSuffix(".gz") ? Gzip.compress(bytes, file: path) : bytes)
  }
}

/// The third byte of an IDX file.
private enum IDXType: UInt8 {
  case unsigned8 = 0x08
  case signed8 = 0x09
  case signed16 = 0x0B
  case signed32 = 0x0C
  case float32 = 0x0D
  case float64 = 0x0E

  var size: Int {
    switch self {
    case .unsigned8, .signed8: 1
    case .signed16: 2
    case .signed32, .float32: 4
    case .float64: 8
    }
  }

  /// The numbers from `start` to the end, which must be a whole number of them.
  func values(of bytes: [UInt8], from start: Int) -> IDXValues {
    let places = stride(from: start, to: bytes.count, by: size)
    return switch self {
    case .unsigned8: .bytes(Array(bytes[start...]))
    case .signed8: .integers(places.map { Int32(Int8(bitPattern: bytes[$0])) })
    case .signed16: .integers(places.map { Int32(bytes.bigEndian(Int16.self, at: $0)) })
    case .signed32: .integers(places.map { bytes.bigEndian(Int32.self, at: $0) })
    case .float32:
      .floats(places.map { Float(bitPattern: bytes.bigEndian(UInt32.self, at: $0)) })
    case .float64:
      .doubles(places.map { Double(bitPattern: bytes.bigEndian(UInt64.self, at: $0)) })
    }
  }
}

extension [UInt8] {
  fileprivate func bigEndian<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
    withUnsafeBytes { T(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
  }
}
