/// Rows of about the same length, so that batches of them need little padding.
///
/// A row's length is that of its longest padded field. A row is in the first bucket whose limit is not below its length.
public struct LengthBuckets: Sendable, Equatable {
  /// The most steps of a row of each bucket, ascending.
  public let limits: [Int]
  /// The bucket of each row.
  let buckets: [Int]

  /// At most `count` buckets with those limits that leave the fewest steps of padding.
  ///
  /// Nil where the data have no padded field, or no rows.
  public init?(_ count: Int, of data: some Dataset) {
    let padded = data.fields.indices.filter { data.fields[$0].isPadded }
    guard !padded.isEmpty, data.count > 0 else { return nil }
    // A sequence has a step at least, even where nothing is in it.
    self.init(
      count,
      lengths: (0..<data.count).map { row in
        padded.reduce(1) { max($0, data.length(row: row, field: $1)) }
      })
  }

  init(_ count: Int, lengths: [Int]) {
    let limits = Self.limits(count, lengths: lengths)
    self.limits = limits
    buckets = lengths.map { length in limits.firstIndex { length <= $0 } ?? limits.count - 1 }
  }

  /// The ascending limits l of least Σ (limit of the row's bucket), by dynamic programming over the different lengths:
  /// cost[k][j] = min over i < j of cost[k-1][i] + (rows of lengths i+1...j) · length j.
  private static func limits(_ count: Int, lengths: [Int]) -> [Int] {
    var rows: [Int: Int] = [:]
    for length in lengths { rows[length, default: 0] += 1 }
    let different = rows.keys.sorted()
    // How many rows have one of the first j lengths.
    let sums = different.reduce(into: [0]) { $0.append(($0.last ?? 0) + (rows[$1] ?? 0)) }
    var costs = different.indices.map { sums[$0 + 1] * different[$0] }
    // Where the bucket before the last one ends, for each number of buckets.
    var ends: [[Int?]] = [different.map { _ in nil }]
    for _ in 1..<max(1, min(count, different.count)) {
      let before = costs
      var chosen: [Int?] = different.map { _ in nil }
      for last in different.indices {
        for end in 0..<last {
          let cost = before[end] + (sums[last + 1] - sums[end + 1]) * different[last]
          if cost < costs[last] { (costs[last], chosen[last]) = (cost, end) }
        }
      }
      ends.append(chosen)
    }
    var limits: [Int] = []
    var last: Int? = different.indices.last
    for chosen in ends.reversed() {
      guard let index = last else { break }
      limits.append(different[index])
      last = chosen[index]
    }
    return limits.reversed()
  }

  /// How many steps a batch of these rows has.
  func steps(of rows: some Sequence<Int>) -> Int {
    limits[rows.reduce(0) { max($0, buckets[$1]) }]
  }
}
