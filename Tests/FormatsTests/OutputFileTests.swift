import Glibc
import Testing

@testable import Formats

@Suite struct OutputFileTests {
  @Test func aFullDiskIsAnError() throws {
    let error = try formatError { () throws(FormatError) in
      let file = OutputFile(path: "/dev/full", descriptor: open("/dev/full", O_WRONLY))
      try file.write([1])
    }
    #expect(error.kind == .inputOutput)
    #expect(error.description == "/dev/full: cannot write: no space left on device")
  }
}
