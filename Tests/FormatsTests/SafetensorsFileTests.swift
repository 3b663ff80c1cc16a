import Testing

@testable import Formats

@Suite struct SafetensorsFileTests {
  /// A file of this header, padded by nothing, and so many bytes behind it.
  static func bytes(_ header: String, _ buffer: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
      + Array(header.utf8) + buffer
  }

  func open(_ bytes: [UInt8]) throws(FormatError) -> SafetensorsFile {
    let result: Result<SafetensorsFile, FormatError>
    do {
      result = try withDirectory { directory in
        try writeUnsynchronized(bytes, to: "\(directory)/a")
        do throws(FormatError) { return .success(try SafetensorsFile("\(directory)/a")) } catch {
          return .failure(
            FormatError(error.kind, file: "a.safetensors", at: error.place, error.message))
        }
      }
    } catch { throw FormatError(.inputOutput, file: "a", "\(error)") }
    return try result.get()
  }

  func message(_ header: String, _ buffer: [UInt8] = []) throws -> String {
    try message(of: Self.bytes(header, buffer))
  }

  func message(of bytes: [UInt8]) throws -> String {
    try formatError { () throws(FormatError) in _ = try open(bytes) }.description
  }

  /// One number of every type that is read, each 1 or 1.5.
  @Test(
    arguments: [
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], 1.5), ("F32", [0, 0, 0xC0, 0x3F], 1.5),
      ("F16", [0, 0x3E], 1.5), ("BF16", [0xC0, 0x3F], 1.5),
      ("I64", [0xFE, 255, 255, 255, 255, 255, 255, 255], -2), ("I32", [0xFE, 255, 255, 255], -2),
      ("U8", [200], 200), ("BOOL", [1], 1), ("BOOL", [7], 1),
    ] as [(String, [UInt8], Double)])
  func everyTypeIsConverted(type: String, bytes: [UInt8], value: Double) throws {
    let file = try open(
      Self.bytes(
        "{\"x\":{\"dtype\":\"\(type)\",\"shape\":[1],\"data_offsets\":[0,\(bytes.count)]}}", bytes))
    #expect(try file.doubles("x") == [value])
    #expect(try file.floats("x") == [Float(value)])
    if ["I64", "I32", "U8", "BOOL"].contains(type) {
      #expect(try file.integers("x") == [Int64(value)])
    } else {
      #expect(throws: FormatError.self) { try file.integers("x") }
    }
  }

  @Test func longTensorsAreReadInPieces() throws {
    let values = (0..<200_000).map { Int32($0) }
    try withDirectory { directory in
      let path = "\(directory)/a"
      try SafetensorsWriter.write(path, [SafetensorsTensor("x", shape: [2, 100_000], values)])
      let file = try SafetensorsFile(path)
      #expect(try file.doubles("x") == values.map(Double.init))
      #expect(try file.integers("x") == values.map(Int64.init))
      var memory = [Float](repeating: 0, count: values.count)
      try memory.withUnsafeMutableBufferPointer { try file.read("x", into: $0) }
      #expect(memory == values.map(Float.init))
    }
  }

  @Test func namesShapesMetadataAndUnknownFields() throws {
    let file = try open(
      Self.bytes(
        """
        {"__metadata__":{"k":"v\\n"},"b":{"new":[{}],"dtype":"U8","shape":[],"data_offsets":[2,3]},\
        "e":{"dtype":"F32","shape":[0,4],"data_offsets":[2,2]},\
        "a":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]}}
        """ + "   ", [1, 2, 3]))
    #expect(file.metadata == ["k": "v\n"])
    #expect(file.entries.map(\.name) == ["a", "e", "b"])
    #expect(file["a"]?.shape == [2, 1])
    #expect(file["b"]?.count == 1)
    #expect(file["e"]?.count == 0)
    #expect(file["c"] == nil)
    #expect(file.unknownFields == ["new"])
    #expect(try file.floats("a") == [1, 2])
    #expect(try file.floats("b") == [3])
    #expect(try file.floats("e") == [])
  }

  @Test func anEmptyFileOfTensorsIsAFile() throws {
    #expect(try open(Self.bytes("{}", [])).entries.isEmpty)
  }

  @Test func theSizeOfTheHeaderIsCheckedBeforeAnythingIsAllocated() throws {
    #expect(
      try message(of: [1, 2, 3])
        == "a.safetensors: byte 0: expected a safetensors file of at least 8 bytes, got 3")
    #expect(
      try message(of: [UInt8](repeating: 0xFF, count: 10))
        == "a.safetensors: byte 0: expected a safetensors header of at most 2 bytes, "
        + "got 18446744073709551615")
    #expect(try message(of: [3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]).hasSuffix("2 bytes, got 3"))
  }

  @Test(arguments: [
    ("", "a.safetensors: byte 8: expected a header that begins with {"),
    (" {}", "a.safetensors: byte 8: expected a header that begins with {"),
    ("[]", "a.safetensors: byte 8: expected a header that begins with {"),
    ("{}\0", "byte 10: expected spaces to the end of the header, got the byte 0"),
    ("{}\n", "byte 10: expected spaces to the end of the header, got the byte 10"),
    ("{\"__metadata__\":null}", "byte 24: expected \"{\", got \"n\""),
    ("{\"__metadata__\":{\"a\":1}}", "byte 29: expected a string, got \"1\""),
    ("{\"__metadata__\":{},\"__metadata__\":{}}", "the key \"__metadata__\" stands twice"),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
        + "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
      "byte 61: the key \"a\" stands twice"
    ),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}",
      "tensor \"a\": expected a dtype, a shape and two data_offsets"
    ),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,0]}}",
      "expected an integer from 0 to 2^63 - 1, got -1"
    ),
    (
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}",
      "expected an integer from 0 to 2^63 - 1, got 1.0"
    ),
    ("{\"a\":{\"dtype\":\"F7\"}}", "tensor \"a\": unknown dtype \"F7\""),
  ])
  func wrongHeadersAreNamed(header: String, expected: String) throws {
    #expect(try message(header).hasSuffix(expected))
  }

  /// Each with a buffer of 4 bytes.
  @Test(arguments: [
    ("F32", "[1]", "[0,5]", "tensor \"a\": expected data_offsets within 4 bytes, got [0, 5]"),
    ("F32", "[1]", "[4,0]", "tensor \"a\": expected data_offsets within 4 bytes, got [4, 0]"),
    ("F32", "[2]", "[0,4]", "tensor \"a\": F32 of shape [2] takes 8 bytes, got 4"),
    ("F32", "[]", "[0,0]", "tensor \"a\": F32 of shape [] takes 4 bytes, got 0"),
    (
      "F32", "[4611686018427387904,4611686018427387904,0]", "[0,0]",
      "takes no number of whole bytes, got 0"
    ),
    ("F4", "[3]", "[0,1]", "tensor \"a\": F4 of shape [3] takes no number of whole bytes, got 1"),
    ("U8", "[3]", "[1,4]", "tensor \"a\": expected it to begin at 0, got 1"),
    ("U8", "[3]", "[0,3]", "expected 3 bytes of tensors by its header, got 4"),
  ])
  func wrongLayoutsAreNamed(
    type: String, shape: String, offsets: String, expected: String
  ) throws {
    let header = "{\"a\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
    #expect(try message(header, [1, 2, 3, 4]).hasSuffix(expected))
  }

  @Test func overlapsAndHolesAreRefused() throws {
    for second in ["[1,3]", "[3,5]"] {
      let header = """
        {"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},\
        "b":{"dtype":"U8","shape":[2],"data_offsets":\(second)}}
        """
      #expect(try message(header, [1, 2, 3, 4, 5]).contains("\"b\": expected it to begin at 2"))
    }
  }

  @Test func missingTensorsAndTypesThatAreNotReadAreNamed() throws {
    let file = try open(
      Self.bytes(
        "{\"dense/bias\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[0,2]}}", [1, 2]))
    #expect(
      try formatError { () throws(FormatError) in _ = try file.floats("dense/bais") }.message
        == "no tensor \"dense/bais\" (did you mean \"dense/bias\"?)")
    #expect(
      try formatError { () throws(FormatError) in _ = try file.floats("dense/bias") }.message
        == "tensor \"dense/bias\": unsupported dtype U16, expected F64, F32, F16, BF16, I64, I32, "
        + "U8 or BOOL")
    var memory: [Float] = [0, 0]
    let error = try formatError { () throws(FormatError) in
      try memory.withUnsafeMutableBufferPointer { buffer throws(FormatError) in
        try file.read("dense/bias", into: buffer)
      }
    }
    #expect(error.message == "tensor \"dense/bias\": expected 2 numbers, got the shape [1]")
  }

  @Test func cutAndChangedFilesAreRefused() {
    let good = Self.bytes(
      "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}",
      [0, 0, 0, 0, 1, 2, 3, 4])
    expectHostileInputIsRefused(good) { bytes throws(FormatError) in
      let file = try open(bytes)
      for entry in file.entries { _ = try file.doubles(entry.name) }
    }
  }
}
