import Glibc
import Testing

@testable import Formats

@Suite struct FormatErrorTests {
  @Test func theDescriptionNamesFileAndPlace() {
    #expect(FormatError(.badData, file: "a", "bad").description == "a: bad")
    #expect(FormatError(.badData, file: "a", at: .line(7), "bad").description == "a:7: bad")
    #expect(FormatError(.badData, file: "a", at: .byte(8), "bad").description == "a: byte 8: bad")
  }

  @Test func exitCodesAreThoseOfSysexits() {
    #expect(FormatError.Kind.badData.exitCode == 65)
    #expect(FormatError.Kind.unreadable.exitCode == 66)
    #expect(FormatError.Kind.cannotCreate.exitCode == 73)
    #expect(FormatError.Kind.inputOutput.exitCode == 74)
    #expect(FormatError.Kind.permission.exitCode == 77)
  }

  @Test func systemErrorsBecomeTheRightKind() {
    #expect(FormatError.input("open", "a", code: ENOENT).kind == .unreadable)
    #expect(FormatError.input("open", "a", code: EACCES).kind == .permission)
    #expect(FormatError.input("read", "a", code: EIO).kind == .inputOutput)
    #expect(FormatError.output("create", "a", code: EACCES).kind == .permission)
    #expect(FormatError.output("create", "a", code: ENOENT).kind == .cannotCreate)
    #expect(FormatError.output("replace", "a", code: EXDEV).kind == .cannotCreate)
    #expect(FormatError.output("write", "a", code: ENOSPC).kind == .inputOutput)
    #expect(
      FormatError.input("open", "a", code: ENOENT).description
        == "a: cannot open: no such file or directory")
  }
}
