import Testing

@testable import Formats

@Suite struct InputFileTests {
  @Test(arguments: ["git-lfs", "hawser"])
  func pointersOfGitLFSAreNoFiles(host: String) throws {
    let pointer =
      "version https://\(host).github.com/spec/v1\n"
      + "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
    try withDirectory { directory in
      let path = "\(directory)/a"
      try AtomicFile.write(path, pointer)
      let readings: [() throws -> Void] = [
        { _ = try InputFile(path) }, { _ = try FileBytes.read(path) }, { _ = try Gzip.read(path) },
        { _ = try SafetensorsFile(path) }, { _ = try NPYFile(reading: path) },
        { _ = try WAVFile(reading: path) }, { _ = try ImageFile.read(path) },
        { _ = try TarArchive(reading: path) }, { _ = try CSVTable(reading: path) },
        { _ = try IDXFile(reading: path) }, { _ = try LineFile.read(path) },
      ]
      for reading in readings {
        let error = #expect(throws: FormatError.self) { try reading() }
        #expect(error?.kind == .badData)
        #expect(
          error?.message
            == "expected the file itself, got a pointer of Git LFS to it: run `git lfs pull`")
      }
      // Texts that are about such files are none.
      for text in [" " + pointer, pointer + String(repeating: "x", count: 1024), "version https:"] {
        try AtomicFile.write(path, text)
        #expect(try FileBytes.read(path) == Array(text.utf8))
      }
    }
  }

  @Test func aDirectoryIsNoFile() throws {
    try withDirectory { directory in
      let error = try formatError { () throws(FormatError) in _ = try InputFile(directory) }
      #expect(error.kind == .unreadable)
      #expect(error.message == "expected a file, got a directory")
    }
  }

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
