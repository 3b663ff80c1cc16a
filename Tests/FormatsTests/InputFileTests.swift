import Testing

@testable import Formats

@Suite struct InputFileTests {
  @Test func readingAtAnOffsetFillsTheBufferOrSaysWhereTheFileEnds() throws {
    try withDirectory { directory in
      try AtomicFile.write("\(directory)/a", [1, 2, 3, 4, 5])
      let file = try InputFile("\(directory)/a")
      #expect(file.size == 5)
      var bytes: [UInt8] = [0, 0, 0]
      try bytes.withUnsafeMutableBytes { try file.read(at: 2, into: $0) }
      #expect(bytes == [3, 4, 5])
      let error = try formatError { () throws(FormatError) in
        try bytes.withUnsafeMutableBufferPointer { buffer throws(FormatError) in
          try file.read(at: 3, into: UnsafeMutableRawBufferPointer(buffer))
        }
      }
      #expect(error.kind == .badData)
      #expect(error.place == .byte(5))
    }
  }
}
