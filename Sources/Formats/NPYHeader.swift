/// What stands before the numbers of an NPY file.
struct NPYHeader {
  let layout: NPYLayout
  /// The byte at which the numbers begin.
  let end: Int

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy writes some hundred bytes.
  private static let maximumLength = 1 << 16

  /// Reads the beginning of a file.
  ///
  /// Throws: `FormatError` with the place of what is no header of an array of numbers.
  init(parsing bytes: [UInt8], file: String) throws(FormatError) {
    guard bytes.starts(with: Self.magic) else {
      throw FormatError(
        .badData, file: file, at: .byte(0),
        "expected an NPY file (93 4E 55 4D 50 59), got \(hexadecimal(bytes.prefix(6)))")
    }
    func fail(at byte: Int, _ message: String) -> FormatError {
      FormatError(.badData, file: file, at: .byte(byte), message)
    }
    guard bytes.count > 6, (1...3).contains(bytes[6]) else {
      let got = bytes.count > 6 ? "\(bytes[6])" : "the end of the file"
      throw fail(at: 6, "expected the version 1, 2 or 3 of NPY, got \(got)")
    }
    let start = bytes[6] == 1 ? 10 : 12
    guard bytes.count >= start else {
      throw fail(at: bytes.count, "expected the header's length, got the end of the file")
    }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.maximumLength, length <= bytes.count - start else {
      throw fail(
        at: 8,
        "expected a header of at most \(min(Self.maximumLength, bytes.count - start)) bytes,"
          + " got \(length)")
    }
    var literal = NPYLiteral(bytes[start..<start + length], file: file)
    layout = try literal.parse()
    end = start + length
  }

  /// A header of version 1, as long as NumPy makes it: the numbers begin at a multiple of 64.
  static func encoded(_ type: String, _ dimensions: [Int]) -> [UInt8] {
    // Python writes a tuple of one element with a comma.
    let extents = dimensions.map(String.init).joined(separator: ", ")
    let shape = dimensions.count == 1 ? "(\(extents),)" : "(\(extents))"
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    let filling = 63 - (10 + text.utf8.count) % 64
    let length = text.utf8.count + filling + 1
    return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
      + [UInt8](repeating: 0x20, count: filling) + [0x0A]
  }
}
