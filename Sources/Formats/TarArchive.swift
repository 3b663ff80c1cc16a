import Settings

/// The files in a tar archive (POSIX ustar and pax, long names of GNU tar), which is not unpacked.
///
/// An archive is blocks of 512 bytes: for each file a header with its name and size, then its contents; blocks of zeros
/// end it. The names must be different, and links and devices are refused.
/// Source: IEEE Std 1003.1, pax, "ustar Interchange Format".
public struct TarArchive: Sendable {
  /// One file.
  public struct Entry: Sendable, Equatable {
    /// The path in the archive, without `./` in front.
    public let name: String
    /// Where in `bytes` the contents are.
    public let range: Range<Int>
  }

  /// The archive, unpacked from gzip.
  public let bytes: [UInt8]
  /// The files in the order of the archive.
  public let entries: [Entry]

  /// Reads an archive, gzipped or not.
  ///
  /// Throws: `FormatError` where it cannot be read, is no tar archive, is cut short or damaged, or holds what is no file.
  public init(
    reading path: String, limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) {
    try self.init(parsing: Gzip.read(path, limit: limit), file: path)
  }

  /// Reads the bytes of an unpacked archive; `file` is the name in errors.
  public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
    var entries: [Entry] = []
    var names: Set<ExactString> = []
    var position = 0
    // What an extended header says of the file that follows.
    var extended = TarExtension()
    while true {
      let header = try TarHeader(bytes, at: position, file: file)
      guard let header else { break }
      let size = header.isFile ? extended.size ?? header.size : header.size
      let start = position + TarHeader.blockSize
      guard size <= bytes.count - start else {
        throw FormatError(
          .badData, file: file, at: .byte(position),
          "expected \(size) bytes of a file, got \(bytes.count - start): the archive is cut short")
      }
      let contents = start..<start + size
      switch header.type {
      case "0", "7":
        let name = try TarHeader.plain(extended.name ?? header.name, file: file, at: position)
        guard names.insert(ExactString(name)).inserted else {
          throw FormatError(
            .badData, file: file, at: .byte(position), "two files have the name \"\(name)\"")
        }
        entries.append(Entry(name: name, range: contents))
        extended = TarExtension()
      case "5": extended = TarExtension()
      case "x": try extended.read(pax: bytes[contents], file: file)
      case "L": extended.name = String(decoding: bytes[contents].prefix { $0 != 0 }, as: UTF8.self)
      // A header for all files, and the long name of a link, say nothing that is asked here.
      case "g", "K": break
      default:
        throw FormatError(
          .badData, file: file, at: .byte(position),
          "expected files and folders alone, got a \(header.kind) \"\(header.name)\"")
      }
      position =
        start + (size + TarHeader.blockSize - 1) / TarHeader.blockSize * TarHeader.blockSize
    }
    self.bytes = bytes
    self.entries = entries
  }

  /// The contents of a file; `body` must not keep the pointer.
  public func withContents<R>(
    _ entry: Entry, _ body: (UnsafeRawBufferPointer) throws(FormatError) -> R
  ) throws(FormatError) -> R {
    try bytes.withUnsafeBufferPointer { bytes throws(FormatError) in
      try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[entry.range])))
    }
  }
}
