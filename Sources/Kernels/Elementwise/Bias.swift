import CSIMD
public import TensorCore

/// A vector that belongs to every row of a matrix, as a bias does.
public enum Bias {
  /// y[r, c] = x[r, c] + bias[c]; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func add<S: Scalar>(
    _ bias: UnsafePointer<S>, toRows x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>,
    rows: Int, columns: Int, pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      let first = range.lowerBound * columns
      if let vectors = S.vectors {
        vectors.elementwise.add_rows(
          (x + first).asFloat, bias.asFloat, (y + first).asFloat, range.count, columns)
      } else {
        for row in range {
          for c in 0..<columns { y[row * columns + c] = x[row * columns + c] + bias[c] }
        }
      }
    }
  }

  /// y[r, c] = bias[c], for a product to be added to.
  public static func fill<S: Scalar>(
    _ bias: UnsafePointer<S>, intoRows y: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      for row in range { (y + row * columns).update(from: bias, count: columns) }
    }
  }

  /// How much scratch `columnSums` wants, for all rows or for any of them.
  public static func columnSumsScratchCount(rows: Int, columns: Int) -> Int {
    Chunks.mostCount(summing: rows, of: columns) * columns
  }

  /// sums[c] = Σᵣ x[r, c], or sums[c] += that: the gradient of a bias.
  ///
  /// - Parameters:
  ///   - listed: the rows that are summed; nil for all.
  ///   - scratch: `columnSumsScratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func columnSums<S: Scalar>(
    _ x: UnsafePointer<S>, rows: Int, columns: Int, listed: NonzeroRows<S>? = nil,
    into sums: UnsafeMutablePointer<S>, accumulate: Bool, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    let sums = ColumnSums(
      x, rows: rows, columns: columns, listed: listed, into: sums, accumulate: accumulate,
      scratch: scratch)
    pool.run(chunks: sums.chunks.count) { sums.compute(chunk: $0) }
    sums.finish(pool: pool)
  }

  /// The same for a few long rows: every column is one sum in the order of the rows, whatever other columns there are.
  public static func sumsInOrder<S: Scalar>(
    _ x: UnsafePointer<S>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<S>,
    accumulate: Bool, pool: WorkerPool
  ) {
    addPartials(x, parts: rows, count: columns, into: sums, accumulate: accumulate, pool: pool)
  }
}

/// The sums of `Bias.columnSums`, for whoever runs their chunks beside another job.
struct ColumnSums<S: Scalar> {
  let chunks: Chunks
  private let x: UnsafePointer<S>
  private let columns: Int
  private let listed: NonzeroRows<S>?
  private let sums: UnsafeMutablePointer<S>
  private let accumulate: Bool
  private let scratch: UnsafeMutablePointer<S>

  init(
    _ x: UnsafePointer<S>, rows: Int, columns: Int, listed: NonzeroRows<S>?,
    into sums: UnsafeMutablePointer<S>, accumulate: Bool, scratch: UnsafeMutablePointer<S>
  ) {
    chunks = Chunks(summing: listed?.count ?? rows, of: columns)
    (self.x, self.columns, self.listed, self.scratch) = (x, columns, listed, scratch)
    (self.sums, self.accumulate) = (sums, accumulate)
  }

  /// The sums of one chunk's rows.
  func compute(chunk: Int) {
    let (range, partial) = (chunks.range(chunk), scratch + chunk * columns)
    if let vectors = S.vectors {
      let first = listed == nil ? x + range.lowerBound * columns : x
      vectors.elementwise.column_sums(
        first.asFloat, listed.map { ($0.numbers + range.lowerBound).asFloat }, range.count,
        columns, partial.asFloat)
      return
    }
    partial.update(repeating: 0, count: columns)
    for place in range {
      let row = listed?[place] ?? place
      for c in 0..<columns { partial[c] += x[row * columns + c] }
    }
  }

  /// Puts them together, once all chunks are done.
  func finish(pool: WorkerPool) {
    addPartials(
      scratch, parts: chunks.count, count: columns, into: sums, accumulate: accumulate, pool: pool)
  }
}
