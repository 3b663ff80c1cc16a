import TensorCore

extension SplitSpec {
  /// The rows of what its reader reads that it takes, in its order; nil for all of them in theirs.
  ///
  /// Throws: `Problems` where there are no such rows.
  func rows(of whole: any Dataset) throws -> [Int]? {
    var rows = try selection?.rows(of: whole)
    if let shuffle {
      let order = RandomStream(seed: UInt64(shuffle), name: "data.rows")
        .permutation(rows?.count ?? whole.count)
      rows = rows.map { rows in order.map { rows[$0] } } ?? order
    }
    guard let slice else { return rows }
    let taken = try slice.rows(of: rows?.count ?? whole.count)
    return rows.map { Array($0[taken]) } ?? Array(taken)
  }
}

/// The rows that a split takes of one source of several.
struct SplitRows {
  /// The number of the source.
  let source: Int
  /// How many rows the source has.
  let count: Int
  /// Their numbers in the source; nil for all.
  let rows: [Int]?

  /// How many rows another split takes too.
  func shared(with other: SplitRows) -> Int {
    guard source == other.source else { return 0 }
    guard let rows, let others = other.rows else { return (rows ?? other.rows)?.count ?? count }
    var isTaken = [Bool](repeating: false, count: count)
    for row in rows { isTaken[row] = true }
    return others.count { isTaken[$0] }
  }
}
