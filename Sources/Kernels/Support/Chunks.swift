import TensorCore

/// A split of numbered items into ranges of nearly equal length, made from their number alone.
///
/// What is computed, and in which order it is summed, follows from the split; because no number of threads
/// enters it, results are the same bits for any.
public struct Chunks: Sendable {
  /// The most chunks of one job: while threads are not equally fast, the last waits for half a chunk on average.
  public static let most = 32

  /// The most chunks that have partial sums or scratch memory of their own: enough to share out, few enough that these
  /// stay small.
  public static let mostParts = 16

  /// How many elements make a chunk worth handing over, where an element costs little.
  public static let elements = 8_192

  /// How many elements make a chunk worth a partial sum of its own.
  private static let summedElements = 32_768

  /// How many items are split.
  public let items: Int
  /// How many ranges there are; 0 for no items.
  public let count: Int
  /// The length of all ranges but the last, which may be shorter.
  public let length: Int

  /// Ranges of at least `grain` items that begin at multiples of `unit`, at most `most` of them.
  public init(of items: Int, atLeast grain: Int, multipleOf unit: Int = 1, most: Int = Self.most) {
    let wanted = max(max(1, grain), (items + most - 1) / max(1, most))
    length = (wanted + unit - 1) / unit * unit
    self.items = items
    count = (items + length - 1) / length
  }

  /// Ranges of at least `grain` items where nothing is summed range by range: a power of two of them, as two or four threads
  /// share them equally.
  public init(sharing items: Int, atLeast grain: Int, multipleOf unit: Int = 1) {
    let most = max(1, min(Self.most, items / max(1, grain)))
    let count = 1 << (most.bitWidth - 1 - most.leadingZeroBitCount)
    self.init(of: items, atLeast: (items + count - 1) / count, multipleOf: unit)
  }

  /// Rows of `columns` elements each, as many to a range as make it worth handing over.
  public init(rows: Int, of columns: Int) {
    self.init(sharing: rows, atLeast: max(1, Self.elements / max(1, columns)))
  }

  /// Rows of `columns` elements each that are summed chunk by chunk, so the bits of the sum follow from the split.
  init(summing rows: Int, of columns: Int) {
    self.init(
      of: rows, atLeast: max(1, Self.summedElements / max(1, columns)), most: Self.mostParts)
  }

  /// The most chunks that so many summed rows of `columns` elements, or fewer, are split into.
  static func mostCount(summing rows: Int, of columns: Int) -> Int {
    let grain = max(1, summedElements / max(1, columns))
    return min(mostParts, (rows + grain - 1) / grain)
  }

  /// Elements that are summed chunk by chunk.
  init(summing elements: Int) {
    self.init(of: elements, atLeast: Self.summedElements, multipleOf: 16, most: Self.mostParts)
  }

  /// The items of one chunk.
  public func range(_ chunk: Int) -> Range<Int> {
    chunk * length..<min(items, (chunk + 1) * length)
  }
}

/// A split of items into parts that are as equally long as multiples of a unit can be, where it may not change what is
/// summed together: of ranges that are all equal but the last, who has the last waits for the others.
struct EvenParts {
  /// How many items are split.
  let items: Int
  /// How many parts there are, at most as many as units.
  let count: Int
  private let unit: Int

  init(of items: Int, count: Int, multipleOf unit: Int = 1) {
    (self.items, self.unit) = (items, unit)
    self.count = min(count, (items + unit - 1) / unit)
  }

  private var units: Int { (items + unit - 1) / unit }

  /// The items of one part.
  func range(_ part: Int) -> Range<Int> {
    part * units / count * unit..<min(items, (part + 1) * units / count * unit)
  }

  /// How long parts may be, ascending: the last may have any length up to that.
  var lengths: (Int, Int) {
    count == 0 ? (0, 0) : (units / count * unit, (units + count - 1) / count * unit)
  }
}

extension WorkerPool {
  /// Calls `body` with every range of `chunks`.
  @inline(__always)
  func run(_ chunks: Chunks, _ body: (Range<Int>) -> Void) {
    run(chunks: chunks.count) { body(chunks.range($0)) }
  }

  /// Calls `body` with ranges that make up 0..<count, for work on single elements; `grain` is a multiple of 16.
  @inline(__always)
  func run(elements count: Int, grain: Int = Chunks.elements, _ body: (Range<Int>) -> Void) {
    run(Chunks(sharing: count, atLeast: grain, multipleOf: 16), body)
  }

  /// Calls `body` with ranges that make up 0..<count, or where there are `rows` of a table of `count` elements, those rows.
  @inline(__always)
  func run(elements count: Int, of rows: RowSet?, _ body: (Range<Int>) -> Void) {
    guard let rows else { return run(elements: count, body) }
    let width = count / rows.tableRows
    run(Chunks(rows: rows.tableRows, of: width)) { range in
      rows.forEachRun(in: range) { run, isInSet in
        if isInSet { body(run.lowerBound * width..<run.upperBound * width) }
      }
    }
  }
}
