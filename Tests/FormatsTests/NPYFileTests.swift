import Testing

@testable import Formats

@Suite struct NPYFileTests {
  /// What `numpy.save(numpy.arange(6, dtype="<f4").reshape(2, 3))` writes.
  static let sample: [UInt8] =
    [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    + Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".utf8)
    + [UInt8](repeating: 0x20, count: 58) + [0x0A]
    + (0..<6).flatMap { withUnsafeBytes(of: Float($0), Array.init) }

  func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let length: [UInt8] =
      version == 1 ? [UInt8(header.utf8.count), 0] : [UInt8(header.utf8.count), 0, 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
  }

  func values(_ type: String, _ count: Int, _ data: [UInt8]) throws(FormatError) -> NPYValues {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),)}"
    return try NPYFile(parsing: file(header, data), file: "a.npy").values
  }

  func message(_ bytes: [UInt8]) throws -> String {
    try formatError { () throws(FormatError) in _ = try NPYFile(parsing: bytes, file: "a.npy") }
      .description
  }

  @Test func bytesAreThoseOfNumPy() throws {
    let array = NPYFile(dimensions: [2, 3], values: .floats([0, 1, 2, 3, 4, 5]))
    #expect(array.encoded == Self.sample)
    #expect(try NPYFile(parsing: Self.sample, file: "a.npy") == array)
  }

  @Test(arguments: [
    NPYFile(dimensions: [3], values: .bytes([7, 8, 9])),
    NPYFile(dimensions: [2, 2], values: .integers([.min, -1, 0, .max])),
    NPYFile(dimensions: [1, 2], values: .floats([-0.5, .infinity])),
    NPYFile(dimensions: [], values: .doubles([1e300])),
    NPYFile(dimensions: [0, 28], values: .floats([])),
  ])
  func whatIsWrittenComesBack(array: NPYFile) throws {
    try withDirectory { directory in
      for name in ["a.npy", "a.npy.gz"] {
        try array.write("\(directory)/\(name)")
        #expect(try NPYFile(reading: "\(directory)/\(name)") == array)
      }
      #expect(try FileBytes.read("\(directory)/a.npy") == array.encoded)
    }
  }

  @Test func everyTypeIsRead() throws {
    #expect(try values("|b1", 3, [0, 1, 2]) == .bytes([0, 1, 1]))
    #expect(try values("|i1", 2, [255, 1]) == .integers([-1, 1]))
    #expect(try values("<i2", 1, [0xFE, 0xFF]) == .integers([-2]))
    #expect(try values(">u2", 1, [0xFF, 0xFE]) == .integers([65534]))
    #expect(try values(">i4", 1, [0, 0, 1, 0]) == .integers([256]))
    #expect(try values("<u4", 1, [255, 255, 255, 255]) == .integers([4_294_967_295]))
    #expect(try values("<u8", 1, [1, 0, 0, 0, 0, 0, 0, 0]) == .integers([1]))
    #expect(try values("<f2", 1, [0, 0x3E]) == .floats([1.5]))
    #expect(try values(">f8", 1, [0xC0, 4, 0, 0, 0, 0, 0, 0]) == .doubles([-2.5]))
    #expect(
      try message(
        file("{'descr': '<u8', 'fortran_order': False, 'shape': ()}", [0, 0, 0, 0, 0, 0, 0, 128]))
        == "a.npy: byte 63: expected a number below 2^63, got 9223372036854775808")
  }

  @Test func typesHaveSeveralNames() throws {
    for name in ["<f4", "|f4", "=f4", "f4", "f", "<f", "float32"] {
      #expect(try values(name, 1, [0, 0, 0xC0, 0x3F]) == .floats([1.5]))
    }
    for name in ["|b1", "b1", "?", "bool"] { #expect(try values(name, 1, [1]) == .bytes([1])) }
    #expect(try values("|i1", 1, [255]) == .integers([-1]))
    #expect(try values("b", 1, [255]) == .integers([-1]))
    #expect(try values(">q", 1, [0, 0, 0, 0, 0, 0, 1, 0]) == .integers([256]))
    for name in ["<c8", "<f16", "<M8[ns]", "|S4", "<U4", "|V8", "f3", "<", "", "<<f4", ">|u1"] {
      #expect(
        try message(file("{'descr': '\(name)', 'fortran_order': False, 'shape': ()}"))
          .hasSuffix("expected numbers of \(NPYType.expectation), got \"\(name)\""))
    }
    #expect(
      try message(file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}"))
        == "a.npy: byte 20: expected numbers of \(NPYType.expectation), got records of several "
        + "fields")
  }

  @Test func fortranOrderIsTurnedIntoCOrder() throws {
    func array(_ type: String, _ shape: String, _ data: [UInt8]) throws(FormatError) -> NPYFile {
      let header = "{'descr': '\(type)', 'fortran_order': True, 'shape': \(shape)}"
      return try NPYFile(parsing: file(header, data), file: "a.npy")
    }
    // What numpy.save writes of numpy.asfortranarray(numpy.arange(n).reshape(shape)).
    #expect(
      try array("|u1", "(2, 3)", [0, 3, 1, 4, 2, 5])
        == NPYFile(dimensions: [2, 3], values: .bytes([0, 1, 2, 3, 4, 5])))
    #expect(
      try array(
        "|i1", "(2, 3, 4)",
        [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23])
        == NPYFile(dimensions: [2, 3, 4], values: .integers(Array(0..<24))))
    let halves: [UInt8] = [0, 0x3C, 0, 0x40, 0, 0x42]
    #expect(
      try array("<f2", "(1, 3, 1)", halves)
        == NPYFile(dimensions: [1, 3, 1], values: .floats([1, 2, 3])))
    #expect(try array("<f2", "(3,)", halves).values == .floats([1, 2, 3]))
    #expect(try array("|b1", "()", [1]) == NPYFile(dimensions: [], values: .bytes([1])))
    #expect(try array("<f8", "(0, 3)", []) == NPYFile(dimensions: [0, 3], values: .doubles([])))
  }

  @Test func headersOfPythonTwoAreRead() throws {
    let header = "{u'descr': u'|u1', 'fortran_order': False, 'shape': (1L, 2L , 1)}"
    let array = try NPYFile(parsing: file(header, [5, 6]), file: "a.npy")
    #expect(array == NPYFile(dimensions: [1, 2, 1], values: .bytes([5, 6])))
    for shape in ["(L,)", "(1LL,)", "(1,,)", "(-1,)", "(1.0,)", "(,)", "1"] {
      let header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape)}"
      #expect(throws: FormatError.self) { try NPYFile(parsing: file(header, [5]), file: "a.npy") }
    }
  }

  @Test func keysComeInAnyOrderAndVersion() throws {
    let header = "{\"shape\":(1,) , 'fortran_order':False,'descr':'|u1'}  \n"
    for version: UInt8 in [1, 2, 3] {
      let array = try NPYFile(parsing: file(header, [5], version: version), file: "a.npy")
      #expect(array == NPYFile(dimensions: [1], values: .bytes([5])))
    }
  }

  @Test func cutAndChangedFilesAreRefused() {
    expectHostileInputIsRefused(Self.sample) { bytes throws(FormatError) in
      _ = try NPYFile(parsing: bytes, file: "a.npy")
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    #expect(
      try message([])
        == "a.npy: byte 0: expected an NPY file (93 4E 55 4D 50 59), got an empty file")
    #expect(
      try message(file("{'descr': '|O', 'fortran_order': False, 'shape': ()}"))
        == "a.npy: byte 20: expected numbers of \(NPYType.expectation), got \"|O\"")
    #expect(
      try message(file("{'descr': '<f4', 'fortran_order': Yes, 'shape': ()}"))
        == "a.npy: byte 44: expected True or False")
    #expect(
      try message(
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}")
      )
      .hasSuffix("the extents [4294967296, 4294967296] are beyond any file"))
    #expect(
      try message(file("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", [1]))
        .hasSuffix("expected 12 bytes of data for the extents [3], got 1"))
    #expect(
      try message(file("{'descr': '<f4'}"))
        .hasSuffix("expected descr, fortran_order and shape, got fewer keys"))
    #expect(try message(file("{'a': 1}")).contains("once each, got \"a\""))
  }
}
