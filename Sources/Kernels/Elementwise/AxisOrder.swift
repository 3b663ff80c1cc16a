import CSIMD
public import TensorCore

/// The axes of every row of a batch in another order: y[n, i, j, ...] = x[n, ...] with the same indices, reordered.
///
/// Axes that stay neighbours are taken as one, so a swap of two groups of axes is one transposition. Chunks are rows.
public struct AxisOrder: Sendable {
  /// The most axes that a row may have.
  public static let maximumRank = 4

  private let rows: Int
  /// The extents of the axes of y, the last ones last, 1 for those that are not there.
  private var extents = InlineArray<4, Int>(repeating: 1)
  /// How far apart in x two neighbours on each of those axes are.
  private var strides = InlineArray<4, Int>(repeating: 0)

  /// For `rows` rows of `rank` axes, at most `maximumRank`.
  ///
  /// - Parameters:
  ///   - extent: of each axis of x.
  ///   - source: which axis of x each axis of y is.
  public init(rows: Int, rank: Int, extent: (Int) -> Int, source: (Int) -> Int) {
    self.rows = rows
    var first = 4
    for axis in (0..<rank).reversed() {
      let from = source(axis)
      var stride = 1
      for behind in from + 1..<max(rank, from + 1) { stride *= extent(behind) }
      if extent(from) == 1 { continue }
      if first < 4, stride == strides[first] * extents[first] {
        extents[first] *= extent(from)
      } else {
        first -= 1
        (extents[first], strides[first]) = (extent(from), stride)
      }
    }
  }

  private var count: Int { extents[0] * extents[1] * extents[2] * extents[3] }

  /// Whether a row is a matrix that changes rows for columns.
  private var isTransposition: Bool {
    extents[0] == 1 && extents[1] == 1 && extents[2] > 1 && strides[2] == 1
  }

  /// y = x in the new order, or y += that; x and y may not overlap.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func apply<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, accumulate: Bool = false,
    pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: count)) { range in
      for row in range {
        let (x, y) = (x + row * count, y + row * count)
        if let vectors = S.vectors, isTransposition, !accumulate {
          vectors.elementwise.transpose(
            x.asFloat, strides[3], extents[3], extents[2], 1, y.asFloat, extents[3])
        } else {
          loop(x, into: y, accumulate: accumulate)
        }
      }
    }
  }

  @inline(__always)
  private func loop<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, accumulate: Bool
  ) {
    let (length, step) = (extents[3], max(1, strides[3]))
    var target = y
    for i in 0..<extents[0] {
      for j in 0..<extents[1] {
        for k in 0..<extents[2] {
          let source = x + i * strides[0] + j * strides[1] + k * strides[2]
          if accumulate {
            for l in 0..<length { target[l] += source[l * step] }
          } else if step == 1 {
            target.update(from: source, count: length)
          } else {
            for l in 0..<length { target[l] = source[l * step] }
          }
          target += length
        }
      }
    }
  }
}
