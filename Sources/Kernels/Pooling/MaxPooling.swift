import CSIMD
public import TensorCore

/// Maxima over windows of images.
public enum MaxPooling {
  /// y = the maximum of each window, the first of equal ones; pixels outside the image do not take part.
  ///
  /// - Parameter indices: as many scalars as y; the number of the maximum within its window, for backward.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, indices: UnsafeMutablePointer<S>,
    _ geometry: PoolingGeometry, pool: WorkerPool
  ) {
    if let plain = PlainMaxPooling(geometry) {
      let width = plain.outputWidth
      pool.run(plain.rowChunks) { rows in
        for row in rows {
          let ((first, second), windows) = (plain.pixelRows(under: row), plain.window(row, 0))
          plain.forward(
            x + first, x + second, windows: width, into: y + windows, indices: indices + windows)
        }
      }
      return
    }
    pool.run(geometry.chunks) { images in
      for image in images {
        let output = image * geometry.outputCount
        forward(
          image: x + image * geometry.inputCount, into: y + output, indices: indices + output,
          geometry)
      }
    }
  }

  @inline(__always)
  private static func forward<S: Scalar>(
    image x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, indices: UnsafeMutablePointer<S>,
    _ geometry: PoolingGeometry
  ) {
    let channels = geometry.channels
    geometry.forEachOutput { row, column, output in
      (y + output).update(repeating: -.infinity, count: channels)
      (indices + output).update(repeating: 0, count: channels)
      geometry.forEachTap(row: row, column: column) { tap, input in
        if let vectors = S.vectors {
          vectors.pooling.take_greater(
            (x + input).asFloat, Float(tap), (y + output).asFloat, (indices + output).asFloat,
            channels)
        } else {
          for c in 0..<channels where x[input + c] > y[output + c] || x[input + c].isNaN {
            y[output + c] = x[input + c]
            indices[output + c] = S(tap)
          }
        }
      }
    }
  }

  /// dx at each maximum gets dy, every other pixel nothing; with `accumulate` it is added to what is there.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ dy: UnsafePointer<S>, indices: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: PoolingGeometry, pool: WorkerPool
  ) {
    if !accumulate, let plain = PlainMaxPooling(geometry) {
      let channels = geometry.channels
      pool.run(Chunks(rows: plain.pixels, of: channels)) { pixels in
        plain.backward(
          dy, indices: indices, pixels: pixels, into: dx + pixels.lowerBound * channels)
      }
      return
    }
    pool.run(geometry.chunks) { images in
      for image in images {
        let (input, output) = (
          dx + image * geometry.inputCount, image * geometry.outputCount
        )
        if !accumulate { input.update(repeating: 0, count: geometry.inputCount) }
        backward(image: dy + output, indices: indices + output, into: input, geometry)
      }
    }
  }

  @inline(__always)
  private static func backward<S: Scalar>(
    image dy: UnsafePointer<S>, indices: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    _ geometry: PoolingGeometry
  ) {
    let channels = geometry.channels
    geometry.forEachOutput { row, column, output in
      geometry.forEachTap(row: row, column: column) { tap, input in
        if let vectors = S.vectors {
          vectors.pooling.add_where(
            (dy + output).asFloat, (indices + output).asFloat, Float(tap), (dx + input).asFloat,
            channels)
        } else {
          for c in 0..<channels where indices[output + c] == S(tap) {
            dx[input + c] += dy[output + c]
          }
        }
      }
    }
  }
}
