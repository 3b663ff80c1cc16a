import Glibc
import Testing

@testable import Formats

@Suite struct DirectoryTests {
  @Test(arguments: [
    ("a/b/c", "a/b"), ("a/b/c/", "a/b"), ("c", "."), ("/c", "/"), ("/", "/"), ("a//b", "a"),
    ("", "."),
  ])
  func theParentOfAPath(path: String, parent: String) {
    #expect(Directory.parent(of: path) == parent)
  }

  @Test func missingDirectoriesAreMade() throws {
    try withDirectory { directory in
      try Directory.create("\(directory)/a/b/c/")
      try Directory.create("\(directory)/a/b/c")
      #expect(names(in: "\(directory)/a/b") == ["c"])
      for path in ["a/b/c", "a/b", "a"] { rmdir("\(directory)/\(path)") }
    }
  }

  @Test func aFileInTheWayIsNamed() throws {
    try withDirectory { directory in
      try AtomicFile.write("\(directory)/a", "x")
      let inside = try formatError { () throws(FormatError) in
        try Directory.create("\(directory)/a/b")
      }
      #expect(inside.kind == .cannotCreate)
      let same = try formatError { () throws(FormatError) in
        try Directory.create("\(directory)/a")
      }
      #expect(same.message == "expected a directory, got a file")
      #expect(
        try formatError { () throws(FormatError) in try Directory.create("") }.kind
          == .cannotCreate)
    }
  }
}
