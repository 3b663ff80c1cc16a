import Settings
import TensorCore

/// Room in memory for what a file holds, asked for before it is taken.
public enum FileMemory {
  /// So few bytes are read without asking the system what is left, which takes longer than they do.
  private static let unasked = 1 << 24

  /// Throws: `FormatError` where a file takes more bytes than are left; `what` says for what, as in "the file has".
  public static func check(_ count: Int, _ what: String, file: String) throws(FormatError) {
    guard count > unasked, let available = AvailableMemory.current, count > available.bytes else {
      return
    }
    throw FormatError(
      .inputOutput, file: file,
      "\(what) \(ByteCount(count)), which are read as a whole; \(ByteCount(available.bytes)) of memory are left "
        + available.bound.rawValue)
  }
}

extension [UInt8] {
  /// Appends what was read of a file or unpacked.
  ///
  /// Throws: `FormatError` where the memory that the array must grow by is not there.
  mutating func append(
    _ piece: UnsafeRawBufferPointer, _ what: String, file: String
  ) throws(FormatError) {
    let needed = count + piece.count
    if needed > capacity {
      // The elements are in two places until they are moved. Twice as many each time, so that few are moved often;
      // where there is no room for that, a little more than are needed.
      var larger = Swift.max(needed, 2 * capacity)
      do throws(FormatError) { try FileMemory.check(larger, what, file: file) } catch {
        larger = needed + needed / 8
        try FileMemory.check(larger, what, file: file)
      }
      reserveCapacity(larger)
    }
    append(contentsOf: piece)
  }
}
