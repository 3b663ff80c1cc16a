/// The numbers of an NPY file, kept as narrow as they came.
public enum NPYValues: Sendable, Equatable {
  /// `|u1`, and `|b1` as 0 and 1.
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

  /// The numbers of an array in Fortran order, [D1, ..., Dn] with the first axis running fastest, in C order.
  fileprivate func inCOrder(_ dimensions: [Int]) -> NPYValues {
    switch self {
    case .bytes(let values): .bytes(transposed(values, dimensions))
    case .integers(let values): .integers(transposed(values, dimensions))
    case .floats(let values): .floats(transposed(values, dimensions))
    case .doubles(let values): .doubles(transposed(values, dimensions))
    }
  }
}

/// y[(i1 D2 + i2) D3 + ...] = x[i1 + D1 (i2 + D2 (...))] for all indices i1 below D1, ..., in below Dn.
private func transposed<Value>(_ values: [Value], _ dimensions: [Int]) -> [Value] {
  guard dimensions.count > 1, !values.isEmpty else { return values }
  var strides: [Int] = []
  var stride = 1
  for extent in dimensions {
    strides.append(stride)
    stride *= extent
  }
  var indices = [Int](repeating: 0, count: dimensions.count)
  var place = 0
  return values.indices.map { _ in
    let value = values[place]
    for axis in dimensions.indices.reversed() {
      indices[axis] += 1
      place += strides[axis]
      if indices[axis] < dimensions[axis] { break }
      indices[axis] = 0
      place -= strides[axis] * dimensions[axis]
    }
    return value
  }
}

/// An array in NumPy's NPY format.
///
///     93 NUMPY major minor | header length, 16 bits (version 1) or 32 | header | values
///
/// The header is a Python literal, `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. Numbers of the header's
/// length are little-endian, values as `descr` says. The length must be exactly what the header says. Arrays in Fortran
/// order are read into C order, and written in it.
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
  /// Throws: `FormatError` where it cannot be read, is no NPY file of numbers, or is longer or shorter than its header
  /// says.
  public init(
    reading path: String, limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) {
    try self.init(parsing: Gzip.read(path, limit: limit), file: path)
  }

  /// Reads the bytes of an unpacked file; `file` is the name in errors.
  public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
    let header = try NPYHeader(parsing: bytes, file: file)
    let (layout, start) = (header.layout, header.end)
    dimensions = layout.dimensions
    guard let size = dimensions.product(times: layout.type.size) else {
      throw FormatError(
        .badData, file: file, at: .byte(start), "the extents \(dimensions) are beyond any file")
    }
    guard size == bytes.count - start else {
      throw FormatError(
        .badData, file: file, at: .byte(start),
        "expected \(size) bytes of data for the extents \(dimensions), got "
          + "\(bytes.count - start)")
    }
    let stored = try layout.type.values(of: bytes, from: start, file: file)
    values = layout.isFortran ? stored.inCOrder(dimensions) : stored
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
