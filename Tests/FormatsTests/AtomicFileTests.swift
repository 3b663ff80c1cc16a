import Glibc
import Testing

@testable import Formats

@Suite struct AtomicFileTests {
  func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func aFileIsReplacedWholeAndNothingElseStays() throws {
    try withDirectory { directory in
      let path = "\(directory)/a"
      try AtomicFile.write(path, "old")
      try AtomicFile.write(path) { file throws(FormatError) in
        try file.write(Array("new ".utf8))
        let meanwhile = try FileBytes.read(path)
        #expect(meanwhile == Array("old".utf8))
        try file.write(Array("text".utf8))
      }
      #expect(try FileBytes.read(path) == Array("new text".utf8))
      #expect(names(in: directory) == ["a"])
    }
  }

  @Test func aFailureLeavesTheOldFile() throws {
    try withDirectory { directory in
      let path = "\(directory)/a"
      try AtomicFile.write(path, "old")
      let failure = FormatError(.inputOutput, file: path, "the disk is full")
      let error = try formatError { () throws(FormatError) in
        try AtomicFile.write(path) { file throws(FormatError) in
          try file.write([1, 2, 3])
          throw failure
        }
      }
      #expect(error == failure)
      #expect(try FileBytes.read(path) == Array("old".utf8))
      #expect(names(in: directory) == ["a"])
    }
  }

  @Test func permissionsAreKeptOrThoseOfTheProcess() throws {
    try withDirectory { directory in
      let mask = umask(0o077)
      umask(mask)
      try AtomicFile.write("\(directory)/a", "x")
      #expect(mode("\(directory)/a") == 0o666 & ~mask)
      chmod("\(directory)/a", 0o640)
      try AtomicFile.write("\(directory)/a", "y")
      #expect(mode("\(directory)/a") == 0o640)
    }
  }

  @Test func whatCannotBeCreatedSaysSo() throws {
    try withDirectory { directory in
      for path in ["\(directory)/none/a", directory, "\(directory)/a\0b"] {
        let error = try formatError { () throws(FormatError) in try AtomicFile.write(path, "x") }
        #expect(error.kind == .cannotCreate)
        #expect(error.file == path)
      }
      #expect(names(in: directory) == [])
    }
  }
}
