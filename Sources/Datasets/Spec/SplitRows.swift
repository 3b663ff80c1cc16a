import TensorCore

/// The rows that a split takes of what its reader reads.
struct SplitRows {
  /// The number of the source among those of all splits.
  let source: Int
  /// The numbers of the rows in the order in which the slice counts them; nil for that of the source.
  let order: [Int]?
  /// Which of these are taken.
  let slice: Range<Int>

  /// Throws: `Problems` where there are no such rows.
  init(_ split: SplitSpec, of whole: any Dataset, source: Int) throws {
    var order = try split.selection?.rows(of: whole)
    if let seed = split.shuffle {
      let drawn = RandomStream(seed: UInt64(seed), name: "data.rows")
        .permutation(order?.count ?? whole.count)
      order = order.map { rows in drawn.map { rows[$0] } } ?? drawn
    }
    let count = order?.count ?? whole.count
    self.source = source
    self.order = order
    slice = try split.slice?.rows(of: count) ?? 0..<count
  }

  /// These rows of the source.
  func rows(of whole: any Dataset) -> any Dataset {
    let ordered: any Dataset = order.map { DatasetRows(whole, $0) } ?? whole
    return slice.count == ordered.count ? ordered : DatasetSlice(ordered, slice)
  }

  /// How many rows another split takes too.
  func shared(with other: SplitRows) -> Int {
    guard source == other.source else { return 0 }
    guard order != nil || other.order != nil else { return slice.clamped(to: other.slice).count }
    let own = Set(slice.map { order?[$0] ?? $0 })
    return other.slice.count { own.contains(other.order?[$0] ?? $0) }
  }
}
