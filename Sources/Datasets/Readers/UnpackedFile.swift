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

  /// A file that may be one of text; nil for a folder, and for IDX, NPY, PNG and JPEG files, as whose first byte no
  /// text in UTF-8 begins.
  ///
  /// Throws: `FormatError` where it cannot be read or unpacked.
  static func text(_ path: FilePath) throws(FormatError) -> UnpackedFile? {
    if Directory.exists(path.resolved) { return nil }
    let file = try UnpackedFile(path)
    return file.bytes.first.map { [0x00, 0x93, 0x89, 0xFF].contains($0) } == true ? nil : file
  }
}
