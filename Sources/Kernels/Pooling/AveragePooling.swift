import CSIMD
public import TensorCore

/// Means over windows of images, and over whole images.
public enum AveragePooling {
  /// y = the mean of the pixels of each window that lie in the image.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, _ geometry: PoolingGeometry,
    pool: WorkerPool
  ) {
    let channels = geometry.channels
    pool.run(geometry.chunks) { images in
      for image in images {
        let (x, y) = (x + image * geometry.inputCount, y + image * geometry.outputCount)
        if let vectors = S.vectors, geometry.isPlain2x2 {
          plainForward(vectors, x.asFloat, into: y.asFloat, geometry)
          continue
        }
        geometry.forEachOutput { row, column, output in
          (y + output).update(repeating: 0, count: channels)
          let share = 1 / S(geometry.rows(row).count * geometry.columns(column).count)
          geometry.forEachTap(row: row, column: column) { _, input in
            addScaled(x + input, by: share, into: y + output, count: channels)
          }
        }
      }
    }
  }

  /// dx of every pixel is the sum of its windows' dy, each divided by the pixels of that window.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func backward<S: Scalar>(
    _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, accumulate: Bool,
    _ geometry: PoolingGeometry, pool: WorkerPool
  ) {
    let channels = geometry.channels
    pool.run(geometry.chunks) { images in
      for image in images {
        let (dy, dx) = (dy + image * geometry.outputCount, dx + image * geometry.inputCount)
        if let vectors = S.vectors, geometry.isPlain2x2, !accumulate {
          plainBackward(vectors, dy.asFloat, into: dx.asFloat, geometry)
          continue
        }
        if !accumulate { dx.update(repeating: 0, count: geometry.inputCount) }
        geometry.forEachOutput { row, column, output in
          let share = 1 / S(geometry.rows(row).count * geometry.columns(column).count)
          geometry.forEachTap(row: row, column: column) { _, input in
            addScaled(dy + output, by: share, into: dx + input, count: channels)
          }
        }
      }
    }
  }

  private static func plainForward(
    _ vectors: VectorKernels, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    _ geometry: PoolingGeometry
  ) {
    let (inputRow, outputRow) = (
      geometry.inputWidth * geometry.channels, geometry.outputWidth * geometry.channels
    )
    for row in 0..<geometry.outputHeight {
      vectors.pooling.average_pool_2x2(
        x + 2 * row * inputRow, x + (2 * row + 1) * inputRow, geometry.outputWidth,
        geometry.channels, y + row * outputRow)
    }
  }

  private static func plainBackward(
    _ vectors: VectorKernels, _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>,
    _ geometry: PoolingGeometry
  ) {
    let outputRow = geometry.outputWidth * geometry.channels
    geometry.forEachPlainRow(of: dx) { row, first, second in
      vectors.pooling.average_pool_2x2_backward(
        dy + row * outputRow, geometry.outputWidth, geometry.channels, first, second)
    }
  }

  /// y += factor x.
  @inline(__always)
  private static func addScaled<S: Scalar>(
    _ x: UnsafePointer<S>, by factor: S, into y: UnsafeMutablePointer<S>, count: Int
  ) {
    if let vectors = S.vectors {
      vectors.elementwise.scale_add(Float(factor), x.asFloat, y.asFloat, count)
    } else {
      for c in 0..<count { y[c] += factor * x[c] }
    }
  }
}
