/// The numbers of an NPY file, kept as narrow as they came.
public enum NPYValues: Sendable, Equatable {
  /// `|u1` and `|b1`.
  case bytes([UInt8])
  /// Integers of 1 to 8 bytes; those of `u8` must be below 2^63.
  case integers([Int64])
  /// `f2`, which a `Float` holds exactly, and `f4`.
  case floats([Float])
  /// `f8`.
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

/// An array in NumPy's NPY format.
///
///     93 NUMPY major minor | header length, 16 bits (version 1) or 32 | header | values
///
/// The header is a Python literal, `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. Numbers of the header's
/// length are little-endian, values as `descr` says. The length must be exactly what the header says.
/// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public struct NPYFile: Sendable, Equatable {
  /// The extents, outermost first; none for a single number.
  public let dimensions: [Int]
  public let values: NPYValues

  /// `dimensions` must multiply to the number of values.
  public init(dimensions: [Int], values: NPYValues) {
    precondition(dimensions.reduce(1, *) == values.count, "the extents do not fit the values")
    self.dimensions = dimensions
    self.values = values
  }

  /// Reads a file, gzipped or not.
  ///
  /// Throws: `FormatError` where it cannot be read, is no NPY file of numbers in C order, or is longer or shorter than its
  /// header says.
  public init(
    reading path: String, limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) {
    try self.init(parsing: Gzip.read(path, limit: limit), file: path)
  }

  /// Reads the bytes of an unpacked file; `file` is the name in errors.
  public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
    let header = try NPYHeader(parsing: bytes, file: file)
    let start = header.end
    guard let size = header.dimensions.product(times: header.type.size) else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "the extents \(header.dimensions) are beyond any file")
    }
    guard size == bytes.count - start else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "expected \(size) bytes of data for the extents \(header.dimensions), got "
          + "\(bytes.count - start)")
    }
    dimensions = header.dimensions
    values = try header.type.values(of: bytes, from: start, file: file)
  }

  /// Writes the file whole or not at all, gzipped where the path ends in `.gz`; integers as `<i8`, floats as `<f4`.
  public func write(_ path: String) throws(FormatError) {
    if path.hasSuffix(".gz") {
      try AtomicFile.write(path, Gzip.compress(encoded, file: path))
      return
    }
    let header = header
    try AtomicFile.write(path) { file throws(FormatError) in
      try file.write(header)
      try withValues { bytes throws(FormatError) in try file.write(bytes) }
    }
  }

  /// The bytes of the file.
  public var encoded: [UInt8] {
    var bytes = header
    withValues { bytes += $0 }
    return bytes
  }

  private var header: [UInt8] {
    let type =
      switch values {
      case .bytes: "|u1"
      case .integers: "<i8"
      case .floats: "<f4"
      case .doubles: "<f8"
      }
    return NPYHeader.encoded(type, dimensions)
  }

  /// The values as they lie in memory, which is little-endian on every processor that this runs on.
  private func withValues<E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    switch values {
    case .bytes(let values): try pass(values, to: body)
    case .integers(let values): try pass(values, to: body)
    case .floats(let values): try pass(values, to: body)
    case .doubles(let values): try pass(values, to: body)
    }
  }
}

private func pass<Value, E: Error>(
  _ values: [Value], to body: (UnsafeRawBufferPointer) throws(E) -> Void
) throws(E) {
  try values.withUnsafeBufferPointer { buffer throws(E) in
    try body(UnsafeRawBufferPointer(buffer))
  }
}
