/// Some of the rows of a table, in memory that is reserved once: a step changes it and allocates nothing.
///
/// One bit for each row. While one thread changes it, no other may read it.
public final class RowSet: @unchecked Sendable {
  /// How many rows the table has.
  public let tableRows: Int
  @usableFromInline let words: UnsafeMutablePointer<UInt64>
  private var wordCount: Int { (tableRows + 63) / 64 }

  /// No row of a table of so many.
  public init(of tableRows: Int) {
    self.tableRows = tableRows
    words = .allocate(capacity: max(1, (tableRows + 63) / 64))
    words.initialize(repeating: 0, count: max(1, wordCount))
  }

  deinit { words.deallocate() }

  public func contains(_ row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }

  @inlinable
  public func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

  /// Every row of the table.
  public func insertAll() {
    words.update(repeating: .max, count: wordCount)
    if tableRows & 63 > 0 { words[wordCount - 1] = 1 << UInt64(tableRows & 63) - 1 }
  }

  public func removeAll() { words.update(repeating: 0, count: wordCount) }

  /// Calls `body` with ranges that make up some of the table's rows: the longest of rows in the set, and those between.
  public func forEachRun(in rows: Range<Int>, _ body: (_ run: Range<Int>, _ isInSet: Bool) -> Void)
  {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let isInSet = contains(start)
      let end =
        first(from: start, to: rows.upperBound, flipping: isInSet ? .max : 0) ?? rows.upperBound
      body(start..<end, isInSet)
      start = end
    }
  }

  /// The first row whose bit is set after flipping.
  private func first(from start: Int, to end: Int, flipping mask: UInt64) -> Int? {
    var word = start >> 6
    var bits = (words[word] ^ mask) & (.max << UInt64(start & 63))
    while bits == 0 {
      word += 1
      guard word << 6 < end else { return nil }
      bits = words[word] ^ mask
    }
    let row = word << 6 + bits.trailingZeroBitCount
    return row < end ? row : nil
  }
}
