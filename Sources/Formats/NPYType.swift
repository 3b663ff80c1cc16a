/// The type of the numbers of an NPY file: `<f4` is a little-endian float of 4 bytes.
struct NPYType {
  enum Sort {
    case boolean
    case signed
    case unsigned
    case float
  }

  static let expectation = "b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8"

  /// The names that NumPy has for a type, of which it writes the first.
  private static let types: [(names: [String], sort: Sort, size: Int)] = [
    (["b1", "?", "bool"], .boolean, 1),
    (["i1", "b", "int8"], .signed, 1),
    (["i2", "h", "int16"], .signed, 2),
    (["i4", "i", "int32"], .signed, 4),
    (["i8", "q", "int64"], .signed, 8),
    (["u1", "B", "uint8"], .unsigned, 1),
    (["u2", "H", "uint16"], .unsigned, 2),
    (["u4", "I", "uint32"], .unsigned, 4),
    (["u8", "Q", "uint64"], .unsigned, 8),
    (["f2", "e", "float16"], .float, 2),
    (["f4", "f", "float32"], .float, 4),
    (["f8", "d", "float64"], .float, 8),
  ]

  let sort: Sort
  /// Bytes of a number.
  let size: Int
  let isBigEndian: Bool

  /// The type that `descr` names, little-endian where it does not say; nil where it is none of numbers.
  init?(_ descr: String) {
    var name = descr[...]
    isBigEndian = name.hasPrefix(">")
    if let order = name.first, "<>=|".contains(order) { name.removeFirst() }
    guard let type = Self.types.first(where: { $0.names.contains(String(name)) }) else {
      return nil
    }
    (sort, size) = (type.sort, type.size)
  }

  /// The numbers from `start` to the end, which must be a whole number of them.
  ///
  /// Throws: `FormatError` with the place of a number that an `Int64` cannot hold.
  func values(
    of bytes: [UInt8], from start: Int, file: String
  ) throws(FormatError) -> NPYValues {
    let places = stride(from: start, to: bytes.count, by: size)
    func load<T: FixedWidthInteger>(_ type: T.Type, _ place: Int) -> T {
      let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: T.self) }
      return isBigEndian ? T(bigEndian: raw) : T(littleEndian: raw)
    }
    switch (sort, size) {
    case (.boolean, _): return .bytes(bytes[start...].map { $0 == 0 ? 0 : 1 })
    case (.unsigned, 1): return .bytes(Array(bytes[start...]))
    case (.signed, 1): return .integers(places.map { Int64(load(Int8.self, $0)) })
    case (.signed, 2): return .integers(places.map { Int64(load(Int16.self, $0)) })
    case (.signed, 4): return .integers(places.map { Int64(load(Int32.self, $0)) })
    case (.signed, _): return .integers(places.map { load(Int64.self, $0) })
    case (.unsigned, 2): return .integers(places.map { Int64(load(UInt16.self, $0)) })
    case (.unsigned, 4): return .integers(places.map { Int64(load(UInt32.self, $0)) })
    case (.unsigned, _):
      var numbers: [Int64] = []
      for place in places {
        let number = load(UInt64.self, place)
        guard let integer = Int64(exactly: number) else {
          throw FormatError(
            .badData, file: file, at: .byte(place), "expected a number below 2^63, got \(number)")
        }
        numbers.append(integer)
      }
      return .integers(numbers)
    case (.float, 2):
      return .floats(places.map { Float(Float16(bitPattern: load(UInt16.self, $0))) })
    case (.float, 4): return .floats(places.map { Float(bitPattern: load(UInt32.self, $0)) })
    case (.float, _): return .doubles(places.map { Double(bitPattern: load(UInt64.self, $0)) })
    }
  }
}
