import CSIMD
public import TensorCore

/// Rows that are scaled and shifted by vectors that belong to every row: z[r, c] = x[r, c] scale[c] + offset[c].
public enum RowScaling {
  /// y = z; y may be x.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func apply<S: Scalar>(
    _ x: UnsafePointer<S>, scale: UnsafePointer<S>, offset: UnsafePointer<S>,
    into y: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    pool: WorkerPool
  ) {
    pool.run(Chunks(rows: rows, of: columns)) { range in
      RowBlocks.forEach(in: range, columns: columns) { rows in
        let (x, y) = (x + rows.lowerBound * columns, y + rows.lowerBound * columns)
        scaleBlock(x, scale: scale, offset: offset, into: y, rows: rows.count, columns: columns)
      }
    }
  }

  /// How much scratch `maxima` wants; 0 for windows that it does not take.
  public static func scratchCount(_ geometry: PoolingGeometry) -> Int {
    guard let pooling = PlainMaxPooling(geometry) else { return 0 }
    return pooling.rowChunks.count * runCount(geometry)
  }

  /// Elements of the two runs of pixels that are scaled and pooled at once.
  private static func runCount(_ geometry: PoolingGeometry) -> Int {
    2 * windowsAtOnce(geometry) * 2 * geometry.channels
  }

  private static func windowsAtOnce(_ geometry: PoolingGeometry) -> Int {
    min(geometry.outputWidth, max(1, RowBlocks.elements / (4 * geometry.channels)))
  }

  /// y = the maxima of z over windows of 2 x 2 pixels that lie side by side, a pixel's channels being a row; indices as
  /// `MaxPooling` has them. z is not kept.
  ///
  /// - Parameter scratch: `scratchCount` scalars.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func maxima<S: Scalar>(
    _ x: UnsafePointer<S>, scale: UnsafePointer<S>, offset: UnsafePointer<S>,
    into y: UnsafeMutablePointer<S>, indices: UnsafeMutablePointer<S>,
    _ geometry: PoolingGeometry, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    guard let pooling = PlainMaxPooling(geometry) else {
      preconditionFailure("windows that are not 2 x 2 and side by side")
    }
    let chunks = pooling.rowChunks
    let (channels, length) = (geometry.channels, runCount(geometry))
    let (width, atOnce) = (pooling.outputWidth, windowsAtOnce(geometry))
    let slots = ScratchSlots(count: chunks.count)
    pool.run(chunks) { rows in
      let slot = slots.take()
      let first = scratch + slot * length
      let second = first + length / 2
      for row in rows {
        let (upper, lower) = pooling.pixelRows(under: row)
        for column in stride(from: 0, to: width, by: atOnce) {
          let (windows, start) = (min(atOnce, width - column), 2 * column * channels)
          for (pixels, run) in [(x + upper + start, first), (x + lower + start, second)] {
            scaleBlock(
              pixels, scale: scale, offset: offset, into: run, rows: 2 * windows,
              columns: channels)
          }
          let output = pooling.window(row, column)
          pooling.forward(
            first, second, windows: windows, into: y + output, indices: indices + output)
        }
      }
      slots.giveBack(slot)
    }
  }

  /// z of some rows, on the calling thread.
  @inline(__always)
  static func scaleBlock<S: Scalar>(
    _ x: UnsafePointer<S>, scale: UnsafePointer<S>, offset: UnsafePointer<S>,
    into z: UnsafeMutablePointer<S>, rows: Int, columns: Int
  ) {
    if let vectors = S.vectors {
      vectors.normalization.scale_rows(
        x.asFloat, scale.asFloat, offset.asFloat, z.asFloat, rows, columns)
    } else {
      for i in 0..<rows * columns { z[i] = x[i] * scale[i % columns] + offset[i % columns] }
    }
  }

  /// dx[r, c] = a[c] dz[r, c] + b[c] x[r, c] + d[c], or dx += that; unless it accumulates dx may be x or what dz is made
  /// of, if that is as large.
  ///
  /// - Parameter blocks: what `dz` asks for.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func combine<S: Scalar>(
    _ dz: RowGradient<S>, _ x: UnsafePointer<S>, a: UnsafePointer<S>, b: UnsafePointer<S>,
    d: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, rows: Int, columns: Int,
    accumulate: Bool, blocks: UnsafeMutablePointer<S>?, pool: WorkerPool
  ) {
    let dz = RowGradientBlocks(dz, rows: rows, columns: columns, memory: blocks)
    pool.run(Chunks(rows: rows, of: columns)) { range in
      dz.forEach(in: range) { rows, dz in
        let first = rows.lowerBound * columns
        combineBlock(
          dz, x + first, a, b, d, into: dx + first, rows: rows.count, columns, accumulate)
      }
    }
  }

  @inline(__always)
  private static func combineBlock<S: Scalar>(
    _ dz: UnsafePointer<S>, _ x: UnsafePointer<S>, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>,
    _ d: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, rows: Int, _ columns: Int,
    _ accumulate: Bool
  ) {
    if let vectors = S.vectors {
      vectors.normalization.combine_rows(
        dz.asFloat, x.asFloat, a.asFloat, b.asFloat, d.asFloat, dx.asFloat, rows, columns,
        accumulate)
      return
    }
    for i in 0..<rows * columns {
      let value = a[i % columns] * dz[i] + b[i % columns] * x[i] + d[i % columns]
      dx[i] = accumulate ? dx[i] + value : value
    }
  }
}
