/// What the header of an NPY file says of its numbers.
struct NPYLayout {
  let type: NPYType
  let dimensions: [Int]
  /// Whether the first axis runs fastest, not the last.
  let isFortran: Bool
}

/// Reads the Python literal in the header of an NPY file: the three keys, each once, in any order.
struct NPYLiteral {
  private let bytes: ArraySlice<UInt8>
  private let file: String
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    position = bytes.startIndex
  }

  /// Throws: `FormatError` with the place of what is not as NumPy reads it.
  mutating func parse() throws(FormatError) -> NPYLayout {
    var type: NPYType?
    var isFortran: Bool?
    var dimensions: [Int]?
    try expect("{")
    while !take("}") {
      skipSpaces()
      let place = position
      let key = try text()
      try expect(":")
      skipSpaces()
      let valuePlace = position
      switch key {
      case "descr" where type == nil:
        guard !take("[") else {
          throw fail(
            "expected numbers of \(NPYType.expectation), got records of several fields",
            at: valuePlace)
        }
        let name = try text()
        guard let known = NPYType(name) else {
          throw fail(
            "expected numbers of \(NPYType.expectation), got \"\(name.prefix(40))\"", at: valuePlace
          )
        }
        type = known
      case "fortran_order" where isFortran == nil:
        isFortran = take("True")
        guard isFortran == true || take("False") else {
          throw fail("expected True or False", at: valuePlace)
        }
      case "shape" where dimensions == nil: dimensions = try shape()
      default:
        throw fail("expected descr, fortran_order and shape once each, got \"\(key)\"", at: place)
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpaces()
    guard position == bytes.endIndex else { throw fail("more behind the header's end") }
    guard let type, let isFortran, let dimensions else {
      throw fail("expected descr, fortran_order and shape, got fewer keys", at: bytes.startIndex)
    }
    return NPYLayout(type: type, dimensions: dimensions, isFortran: isFortran)
  }

  /// A tuple of extents: `()`, `(3,)`, `(3, 4)`, and `(3L, 4L)` as Python 2 wrote long integers.
  private mutating func shape() throws(FormatError) -> [Int] {
    try expect("(")
    var extents: [Int] = []
    while !take(")") {
      skipSpaces()
      let start = position
      while position < bytes.endIndex, (0x30...0x39).contains(bytes[position]) { position += 1 }
      let digits = String(decoding: bytes[start..<position], as: UTF8.self)
      guard let extent = Int(digits) else { throw fail("expected an extent", at: start) }
      if position < bytes.endIndex, bytes[position] == UInt8(ascii: "L") { position += 1 }
      extents.append(extent)
      // NumPy has at most 64 axes.
      guard extents.count <= 64 else { throw fail("expected at most 64 axes", at: start) }
      if !take(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  /// A string, before which Python 2 may have written a `u`.
  private mutating func text() throws(FormatError) -> String {
    _ = take("u")
    guard let quote = ["'", "\""].first(where: { take($0) }) else {
      throw fail("expected a text in quotes")
    }
    let end = bytes[position...].firstIndex { $0 == quote.utf8.first }
    guard let end else { throw fail("a quote that nothing closes") }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private mutating func expect(_ token: String) throws(FormatError) {
    guard take(token) else { throw fail("expected \(token)") }
  }

  private mutating func take(_ token: String) -> Bool {
    skipSpaces()
    guard bytes[position...].starts(with: token.utf8) else { return false }
    position += token.utf8.count
    return true
  }

  private mutating func skipSpaces() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private func fail(_ message: String, at byte: Int? = nil) -> FormatError {
    FormatError(.badData, file: file, at: .byte(byte ?? position), message)
  }
}
