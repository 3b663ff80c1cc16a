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

  @Test func filesAreListedInTheOrderOfTheirBytes() throws {
    try withDirectory { directory in
      for folder in ["b", "b/c", "B"] { try Directory.create("\(directory)/\(folder)") }
      let files = ["B/x", "a", "b/c/2", "b/x"]
      for name in files + [".hidden", "b/.x"] { try AtomicFile.write("\(directory)/\(name)", "") }
      // Neither circle of links is gone round.
      symlink(".", "\(directory)/b/circle")
      symlink("b", "\(directory)/link")
      var hidden: [String] = []
      let listed = try Directory.files(below: directory) { hidden.append($0) }
      #expect(hidden.sorted() == [".hidden", "b/.x", "link/.x"])
      #expect(
        listed == ["B/x", "a", "b/c/2", "b/circle", "b/x", "link/c/2", "link/circle", "link/x"])
      for name in [".hidden", "b/.x", "b/circle", "link"] + files {
        unlink("\(directory)/\(name)")
      }
      for folder in ["b/c", "b", "B"] { rmdir("\(directory)/\(folder)") }
      let missing = try formatError { () throws(FormatError) in
        _ = try Directory.files(below: "\(directory)/b")
      }
      #expect(missing.kind == .unreadable)
    }
  }

  @Test func aFileIsRemovedAndNoDirectoryThatHoldsOne() throws {
    try withDirectory { directory in
      try Directory.create("\(directory)/a/b")
      for name in ["kept", "a/x"] { try AtomicFile.write("\(directory)/\(name)", "") }
      symlink("../kept", "\(directory)/a/link")
      #expect(try Directory.contents(of: "\(directory)/a").sorted() == ["b", "link", "x"])
      Directory.removeIfEmpty("\(directory)/a")
      Directory.removeIfEmpty("\(directory)/a/b")
      try Directory.remove("\(directory)/a/link")
      #expect(try Directory.contents(of: "\(directory)/a") == ["x"])
      #expect(names(in: directory).sorted() == ["a", "kept"])
      try Directory.remove("\(directory)/kept")
      try Directory.remove("\(directory)/a/x")
      Directory.removeIfEmpty("\(directory)/a")
      #expect(names(in: directory).isEmpty)
      let missing = try formatError { () throws(FormatError) in
        try Directory.remove("\(directory)/kept")
      }
      #expect(missing.description == "\(directory)/kept: cannot remove: no such file or directory")
      let unread = try formatError { () throws(FormatError) in
        _ = try Directory.contents(of: "\(directory)/kept")
      }
      #expect(unread.kind == .unreadable)
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
