import Settings
import TensorCore

/// Room for the values of many rows, asked for before they are computed.
enum RowMemory {
  /// Bytes for each number: itself, itself before the transforms of the data, and the bytes of the file that is
  /// written.
  private static let bytesOfNumber = 12

  /// Throws: `Problems` where that many rows of a shape take more than there is.
  static func check(
    _ count: Int, _ row: Shape, available: AvailableMemory? = .current
  ) throws(Problems) {
    guard let available else { return }
    let (numbers, isTooMany) = count.multipliedReportingOverflow(by: row.count)
    let (bytes, overflows) = numbers.multipliedReportingOverflow(by: bytesOfNumber)
    let needed = isTooMany || overflows ? Int.max : bytes
    guard needed > available.bytes else { return }
    throw Problems(
      Problem(
        "\(count) rows \(row) take \(ByteCount(needed)) of memory and \(ByteCount(available.bytes)) are left "
          + available.bound.rawValue))
  }
}
