import Glibc
import Testing

@testable import Formats

/// Runs `body` with a new directory, which is gone afterwards.
func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("/tmp/dlcli-formats-XXXXXX".utf8CString)
  let path = String(cString: try #require(mkdtemp(&template)))
  defer {
    for name in names(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }
  return try body(path)
}

/// The names of the files in a directory, sorted.
func names(in directory: String) -> [String] { Directory.names(in: directory).sorted() }

/// Writes a file without waiting for the disk, for tests that make thousands.
func writeUnsynchronized(_ bytes: [UInt8], to path: String) throws {
  let file = OutputFile(
    path: path, descriptor: open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
  try file.write(bytes)
  try file.close()
}

/// The error that `body` throws, which the test needs.
func formatError(
  _ body: () throws(FormatError) -> Void, location: SourceLocation = #_sourceLocation
) throws -> FormatError {
  do throws(FormatError) { try body() } catch { return error }
  return try #require(nil, "expected a FormatError", sourceLocation: location)
}

/// Checks that every proper prefix of a good file is refused as bad data, and that changing any one of its bytes
/// gives a result or an error but no trap.
func expectHostileInputIsRefused(
  _ good: [UInt8], allowedPrefixes: Set<Int> = [], location: SourceLocation = #_sourceLocation,
  _ parse: ([UInt8]) throws(FormatError) -> Void
) {
  for length in 0..<good.count {
    do throws(FormatError) {
      try parse(Array(good[..<length]))
      #expect(
        allowedPrefixes.contains(length), "the first \(length) bytes were accepted",
        sourceLocation: location)
    } catch { #expect(error.kind == .badData, sourceLocation: location) }
  }
  for position in good.indices {
    for value: UInt8 in [0x00, 0x01, 0x22, 0x2C, 0x7B, 0x7F, 0x80, 0xFF] {
      var bad = good
      bad[position] = value
      do throws(FormatError) {
        try parse(bad)
      } catch { #expect(error.kind == .badData, sourceLocation: location) }
    }
  }
}

extension CSVTable {
  /// A column as text.
  func strings(_ column: String) throws(FormatError) -> [String] {
    let index = try index(of: column)
    return (0..<rowCount).map { self[row: $0, column: index] }
  }
}
