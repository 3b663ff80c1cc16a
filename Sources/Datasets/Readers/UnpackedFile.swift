import Formats
import Settings

/// The bytes of a file, unpacked, and what tells it apart from others.
struct UnpackedFile {
  let path: String
  let bytes: [UInt8]
  let source: SourceFile

  /// Throws: `FormatError` where it cannot be read or unpacked.
  init(_ path: FilePath) throws(FormatError) {
    self.path = path.resolved
    let bytes = try FileBytes.read(self.path)
    source = SourceFile(path: self.path, bytes)
    self.bytes =
      Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, file: self.path) : bytes
  }
}
