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
    pool.run(geometry.chunks) { images in
      for image in images {
        let (input, output) = (
          x + image * geometry.inputCount, image * geometry.outputCount
        )
        if S.isFloat, geometry.isPlain2x2 {
          plainForward(
            input.asFloat, into: (y + output).asFloat, indices: (indices + output).asFloat,
            geometry)
        } else {
          self.forward(image: input, into: y + output, indices: indices + output, geometry)
        }
      }
    }
  }

  private static func plainForward(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    indices: UnsafeMutablePointer<Float>, _ geometry: PoolingGeometry
  ) {
    let (inputRow, outputRow) = (
      geometry.inputWidth * geometry.channels, geometry.outputWidth * geometry.channels
    )
    for row in 0..<geometry.outputHeight {
      csimd_max_pool_2x2(
        x + 2 * row * inputRow, x + (2 * row + 1) * inputRow, geometry.outputWidth,
        geometry.channels, y + row * outputRow, indices + row * outputRow)
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
        if S.isFloat {
          csimd_take_greater(
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
    pool.run(geometry.chunks) { images in
      for image in images {
        let (input, output) = (
          dx + image * geometry.inputCount, image * geometry.outputCount
        )
        if S.isFloat, geometry.isPlain2x2, !accumulate {
          plainBackward(
            (dy + output).asFloat, indices: (indices + output).asFloat, into: input.asFloat,
            geometry)
        } else {
          if !accumulate { input.update(repeating: 0, count: geometry.inputCount) }
          backward(image: dy + output, indices: indices + output, into: input, geometry)
        }
      }
    }
  }

  private static func plainBackward(
    _ dy: UnsafePointer<Float>, indices: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, _ geometry: PoolingGeometry
  ) {
    let outputRow = geometry.outputWidth * geometry.channels
    geometry.forEachPlainRow(of: dx) { row, first, second in
      csimd_max_pool_2x2_backward(
        dy + row * outputRow, indices + row * outputRow, geometry.outputWidth, geometry.channels,
        first, second)
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
        if S.isFloat {
          csimd_add_where(
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
