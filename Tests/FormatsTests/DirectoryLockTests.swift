import Testing

@testable import Formats

@Suite struct DirectoryLockTests {
  @Test func aLockKeepsOthersOutUntilItGoes() throws {
    try withDirectory { directory in
      do {
        let lock = try DirectoryLock(directory)
        #expect(lock.isHeld)
        let error = try formatError { () throws(FormatError) in _ = try DirectoryLock(directory) }
        #expect((error.kind, error.file) == (.cannotCreate, directory))
        withExtendedLifetime(lock) {}
      }
      #expect(try DirectoryLock(directory).isHeld)
      #expect(names(in: directory).isEmpty)
    }
  }

  @Test func aMissingDirectoryIsNamed() throws {
    let error = try formatError { () throws(FormatError) in _ = try DirectoryLock("/nowhere") }
    #expect(error.description == "/nowhere: cannot open the directory: no such file or directory")
  }
}
