import CZlib

/// Reads and writes gzip (RFC 1952) through zlib, which skips the stored file name and verifies each member's
/// CRC-32 and length.
public enum Gzip {
  /// deflate makes at most 258 bytes of 2 bits, so no stream grows more than this.
  static let maximumRatio = 1032
  private static let slack = 1 << 16
  private static let chunkSize = 1 << 18
  /// 15 bits of window, as large as there is; 16 more say "gzip only".
  private static let windowBits: CInt = 15 + 16

  /// What a file holds, unpacked where it begins with the gzip magic 1F 8B and as it is otherwise.
  ///
  /// `limit` bounds the bytes returned.
  /// Throws: `FormatError` where the file cannot be read, is cut short, fails a checksum or holds more than `limit` or
  /// than there is memory for.
  public static func read(
    _ path: String, limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) -> [UInt8] {
    let bytes = try FileBytes.read(path, limit: limit)
    return isCompressed(bytes) ? try decompress(bytes, file: path, limit: limit) : bytes
  }

  /// Whether the bytes begin with the gzip magic.
  public static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// Unpacks all members of a gzip file; zeros after the last are padding, as gzip(1) has it.
  ///
  /// Throws: `FormatError` where the bytes are no gzip, are cut short, fail a checksum, or unpack to more than `limit`
  /// or than there is memory for.
  public static func decompress(
    _ bytes: [UInt8], file: String, limit: Int = FileBytes.defaultLimit
  ) throws(FormatError) -> [UInt8] {
    let cap = min(limit, bytes.count * maximumRatio + slack)
    var stream = z_stream()
    let status = inflateInit2_(
      &stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw outOfMemory(file) }
    defer { inflateEnd(&stream) }
    return try bytes.withUnsafeBufferPointer { input throws(FormatError) in
      try inflateMembers(of: input, with: &stream, file: file, cap: cap)
    }
  }

  private static func inflateMembers(
    of input: UnsafeBufferPointer<UInt8>, with stream: inout z_stream, file: String, cap: Int
  ) throws(FormatError) -> [UInt8] {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(chunkSize, cap + 1))
    var consumed = 0
    while true {
      let piece = input[consumed...].prefix(Int(UInt32.max))
      // zlib reads through this pointer only, though its C type does not say so.
      stream.next_in = UnsafeMutablePointer(
        mutating: UnsafeBufferPointer(rebasing: piece).baseAddress)
      stream.avail_in = UInt32(piece.count)
      let (status, produced) = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let status = inflate(&stream, Z_NO_FLUSH)
        return (status, buffer.count - Int(stream.avail_out))
      }
      consumed += piece.count - Int(stream.avail_in)
      guard output.count + produced <= cap else {
        throw FormatError(.badData, file: file, "unpacks to more than \(cap) bytes")
      }
      try chunk.withUnsafeBufferPointer { buffer throws(FormatError) in
        try output.append(
          UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<produced])),
          "unpacks to at least", file: file)
      }
      switch status {
      case Z_STREAM_END:
        if input[consumed...].allSatisfy({ $0 == 0 }) { return output }
        guard input[consumed...].starts(with: [0x1F, 0x8B]) else {
          throw FormatError(
            .badData, file: file, at: .byte(consumed), "bytes that are not gzip after its end")
        }
        inflateReset(&stream)
      case Z_OK where produced > 0 || consumed < input.count: continue
      case Z_OK, Z_BUF_ERROR:
        throw FormatError(
          .badData, file: file, at: .byte(consumed),
          "expected more gzip data, got the end of the file: it is cut short")
      case Z_MEM_ERROR: throw outOfMemory(file)
      default:
        let reason = stream.msg.map { String(cString: $0) } ?? "error \(status)"
        throw FormatError(.badData, file: file, at: .byte(consumed), "bad gzip data: \(reason)")
      }
    }
  }

  /// One gzip member without name and time, so that the same bytes always give the same file.
  ///
  /// Throws: `FormatError` where zlib finds no memory; `file` names what it was for.
  public static func compress(_ bytes: [UInt8], file: String) throws(FormatError) -> [UInt8] {
    var stream = z_stream()
    let status = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      CInt(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw outOfMemory(file) }
    defer { deflateEnd(&stream) }
    return bytes.withUnsafeBufferPointer { input in
      var output: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: chunkSize)
      var consumed = 0
      var status = Z_OK
      while status != Z_STREAM_END {
        let piece = input[consumed...].prefix(Int(UInt32.max))
        stream.next_in = UnsafeMutablePointer(
          mutating: UnsafeBufferPointer(rebasing: piece).baseAddress)
        stream.avail_in = UInt32(piece.count)
        let isLast = consumed + piece.count == input.count
        let produced = chunk.withUnsafeMutableBufferPointer { buffer in
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          status = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          return buffer.count - Int(stream.avail_out)
        }
        consumed += piece.count - Int(stream.avail_in)
        output += chunk[..<produced]
      }
      return output
    }
  }

  private static func outOfMemory(_ file: String) -> FormatError {
    FormatError(.inputOutput, file: file, "zlib found no memory")
  }
}
