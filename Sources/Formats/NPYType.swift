/// The type of the numbers of an NPY file: `<f4` is a little-endian float of 4 bytes.
struct NPYType {
  enum Sort: Character {
    case boolean = "b"
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  static let expectation = "b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4 or f8"

  let sort: Sort
  /// Bytes of a number.
  let size: Int
  let isBigEndian: Bool

  /// The type that `descr` names; nil where it is none of numbers.
  init?(_ descr: String) {
    let letters = Array(descr)
    guard letters.count == 3, let sort = Sort(rawValue: letters[1]),
      let size = letters[2].wholeNumberValue, letters[2].isASCII
    else { return nil }
    let sizes: [Int] =
      switch sort {
      case .boolean: [1]
      case .signed, .unsigned: [1, 2, 4, 8]
      case .float: [2, 4, 8]
      }
    guard sizes.contains(size) else { return nil }
    switch letters[0] {
    case "<", "=": isBigEndian = false
    case ">": isBigEndian = true
    case "|" where size == 1: isBigEndian = false
    default: return nil
    }
    self.sort = sort
    self.size = size
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
    case (.boolean, _), (.unsigned, 1): return .bytes(Array(bytes[start...]))
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
