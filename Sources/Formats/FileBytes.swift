/// Whole files in memory.
public enum FileBytes {
  /// The most that is read where the caller sets no limit of its own: 4 GiB.
  public static let defaultLimit = 4 << 30

  /// Everything a file holds; a pipe or a device is read to its end.
  ///
  /// Throws: `FormatError` where the file cannot be read, or holds more than `limit` bytes or than there is memory for.
  public static func read(
    _ path: String, limit: Int = defaultLimit
  ) throws(FormatError) -> [UInt8] {
    let file = try InputFile(path)
    if let size = file.size, size > limit {
      throw FormatError(
        .badData, file: file.path, "the file has \(size) bytes; at most \(limit) are read")
    }
    if let size = file.size { try FileMemory.check(size, "the file has", file: file.path) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(file.size ?? 0)
    try file.readPieces { piece throws(FormatError) in
      guard bytes.count + piece.count <= limit else {
        throw FormatError(
          .badData, file: file.path, "the file has more than \(limit) bytes; no more are read")
      }
      try bytes.append(piece, "the file has at least", file: file.path)
    }
    return bytes
  }
}
