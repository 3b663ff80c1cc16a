import Testing

@testable import Formats

@Suite struct AppendFileTests {
  func text(_ path: String) throws -> String {
    String(decoding: try FileBytes.read(path), as: UTF8.self)
  }

  @Test func linesAreAppendedAndThereAtOnce() throws {
    try withDirectory { directory in
      let path = "\(directory)/log"
      let log = try AppendFile(lines: path)
      try log.append(line: "one")
      #expect(try text(path) == "one\n")
      try log.append(line: "two")
      try log.synchronize()
      #expect(try text(path) == "one\ntwo\n")
    }
  }

  @Test(arguments: ["", "half", String(repeating: "x", count: 10_000)])
  func aHalfLineOfAKilledProcessIsRemoved(half: String) throws {
    try withDirectory { directory in
      let path = "\(directory)/log"
      for whole in ["", "one\ntwo\n"] {
        try AtomicFile.write(path, whole + half)
        try AppendFile(lines: path).append(line: "three")
        #expect(try text(path) == whole + "three\n")
      }
    }
  }

  @Test func aNewFileNeverReplacesAnother() throws {
    try withDirectory { directory in
      try AppendFile(creating: "\(directory)/a").append([1, 2])
      let error = try formatError { () throws(FormatError) in
        _ = try AppendFile(creating: "\(directory)/a")
      }
      #expect(error.kind == .cannotCreate)
      #expect(try FileBytes.read("\(directory)/a") == [1, 2])
      #expect(
        try formatError { () throws(FormatError) in
          _ = try AppendFile(lines: "\(directory)/none/a")
        }.kind == .cannotCreate)
    }
  }
}
