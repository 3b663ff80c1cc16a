import Testing

@testable import Formats

@Suite struct SafetensorsWriterTests {
  @Test func theFileIsSortedPaddedAndTheSameEachTime() throws {
    try withDirectory { directory in
      let tensors = [
        SafetensorsTensor("b", shape: [2], [Float(1), 2]),
        SafetensorsTensor("c", shape: [], [UInt8(7)]),
        SafetensorsTensor("a", shape: [1], [Float(3)]),
        SafetensorsTensor("z", shape: [1], [Int64(-1)]),
      ]
      for path in ["\(directory)/one", "\(directory)/two"] {
        try SafetensorsWriter.write(path, tensors, metadata: ["b": "\"\n\\é\u{1}", "a": ""])
      }
      let bytes = try FileBytes.read("\(directory)/one")
      #expect(try FileBytes.read("\(directory)/two") == bytes)
      let header =
        #"{"__metadata__":{"a":"","b":"\"\u000a\\é\u0001","format":"pt"},"#
        + #""z":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"#
        + #""a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"#
        + #""b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]},"#
        + #""c":{"dtype":"U8","shape":[],"data_offsets":[20,21]}}"#
      let size = Int(bytes[0]) + Int(bytes[1]) << 8
      #expect(size % 8 == 0)
      let written = String(decoding: bytes[8..<(8 + size)], as: UTF8.self)
      #expect(written == header + String(repeating: " ", count: size - header.utf8.count))
      #expect(bytes.count == 8 + size + 21)
      let file = try SafetensorsFile("\(directory)/one")
      #expect(file.metadata == ["a": "", "b": "\"\n\\é\u{1}", "format": "pt"])
      #expect(try file.integers("z") == [-1])
      #expect(try file.floats("b") == [1, 2])
    }
  }

  @Test func memoryIsWrittenAsItLies() throws {
    try withDirectory { directory in
      let values: [Double] = [1, 2, 3, 4, 5, 6]
      try values.withUnsafeBytes { memory in
        try SafetensorsWriter.write(
          "\(directory)/a", [SafetensorsTensor("x", .float64, shape: [2, 3], memory: memory)])
      }
      let file = try SafetensorsFile("\(directory)/a")
      #expect(file["x"]?.shape == [2, 3])
      #expect(try file.doubles("x") == values)
    }
  }

  @Test func whatNoReaderWouldTakeIsNotWritten() throws {
    try withDirectory { directory in
      let one = SafetensorsTensor("a", shape: [1], [Float(1)])
      let reserved = SafetensorsTensor("__metadata__", shape: [1], [Float(1)])
      let short = SafetensorsTensor("b", shape: [2], [Float(1)])
      for (tensors, expected) in [
        ([one, one], "two tensors have the name \"a\""),
        ([reserved], "two tensors have the name \"__metadata__\""),
        ([short], "tensor \"b\": 4 bytes do not make F32 of shape [2]"),
      ] {
        let error = try formatError { () throws(FormatError) in
          try SafetensorsWriter.write("\(directory)/a", tensors)
        }
        #expect(error.message == expected)
      }
      #expect(names(in: directory).isEmpty)
    }
  }
}
