import Glibc
import Testing

@testable import Formats

@Suite struct FileBytesTests {
  @Test func aFileIsReadWhole() throws {
    try withDirectory { directory in
      let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write("\(directory)/a", bytes)
      #expect(try FileBytes.read("\(directory)/a") == bytes)
      #expect(try FileBytes.read("\(directory)/a", limit: bytes.count) == bytes)
      let error = try formatError { () throws(FormatError) in
        _ = try FileBytes.read("\(directory)/a", limit: bytes.count - 1)
      }
      #expect(error.kind == .badData)
      #expect(error.message == "the file has 700000 bytes; at most 699999 are read")
    }
  }

  @Test func aDeviceWithoutAnEndStopsAtTheLimit() throws {
    let error = try formatError { () throws(FormatError) in
      _ = try FileBytes.read("/dev/zero", limit: 1_000_000)
    }
    #expect(error.kind == .badData)
    #expect(try FileBytes.read("/dev/null").isEmpty)
  }

  @Test(arguments: ["/nowhere/at/all", "/tmp", "/tmp/a\0b", ""])
  func whatIsNoFileIsUnreadable(path: String) throws {
    let error = try formatError { () throws(FormatError) in _ = try FileBytes.read(path) }
    #expect(error.kind == .unreadable)
    #expect(error.file == path)
  }
}
