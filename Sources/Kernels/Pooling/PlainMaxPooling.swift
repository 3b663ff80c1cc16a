import CSIMD
import TensorCore

/// Maxima of 2 x 2 windows that lie side by side, a row of them or a run of pixels at a time, on the calling thread: what
/// computes the pixels, or takes their gradients, can do so while they are in the cache.
struct PlainMaxPooling {
  private let inputHeight: Int
  private let inputWidth: Int
  private let channels: Int
  private let outputHeight: Int
  let outputWidth: Int
  /// Rows of windows of all images.
  let rows: Int
  /// Pixels of all images.
  let pixels: Int

  /// Nil for any other windows.
  init?(_ geometry: PoolingGeometry) {
    guard geometry.isPlain2x2 else { return nil }
    (inputHeight, inputWidth) = (geometry.inputHeight, geometry.inputWidth)
    (outputHeight, outputWidth) = (geometry.outputHeight, geometry.outputWidth)
    channels = geometry.channels
    rows = geometry.batch * outputHeight
    pixels = geometry.batch * inputHeight * inputWidth
  }

  /// Rows of windows that make a chunk worth handing over.
  var rowChunks: Chunks { Chunks(rows: rows, of: 2 * inputWidth * channels) }

  /// The offsets of the two rows of pixels, of all images, under a row of windows.
  @inline(__always)
  func pixelRows(under row: Int) -> (Int, Int) {
    let first = row / outputHeight * inputHeight + 2 * (row % outputHeight)
    return (first * inputWidth * channels, (first + 1) * inputWidth * channels)
  }

  /// The offset of a window in the output.
  @inline(__always)
  func window(_ row: Int, _ column: Int) -> Int { (row * outputWidth + column) * channels }

  /// The maxima of `windows` windows under which the two runs of pixels lie, and their numbers in the window; the first of
  /// equal ones, and what is not a number.
  @inline(__always)
  func forward<S: Scalar>(
    _ first: UnsafePointer<S>, _ second: UnsafePointer<S>, windows: Int,
    into y: UnsafeMutablePointer<S>, indices: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.pooling.max_pool_2x2(
        first.asFloat, second.asFloat, windows, channels, y.asFloat, indices.asFloat)
      return
    }
    for i in 0..<windows * channels {
      let pixel = i / channels * 2 * channels + i % channels
      (y[i], indices[i]) = (first[pixel], 0)
      for number in 1..<4 {
        let tap = (number < 2 ? first : second)[pixel + number % 2 * channels]
        if tap > y[i] || tap.isNaN { (y[i], indices[i]) = (tap, S(number)) }
      }
    }
  }

  /// The gradient of a range of the pixels of all images: dy of the window where it was the maximum, else 0.
  @inline(__always)
  func backward<S: Scalar>(
    _ dy: UnsafePointer<S>, indices: UnsafePointer<S>, pixels: Range<Int>,
    into dx: UnsafeMutablePointer<S>
  ) {
    var (pixel, dx) = (pixels.lowerBound, dx)
    while pixel < pixels.upperBound {
      let (row, column) = (pixel / inputWidth, pixel % inputWidth)
      let (image, y) = (row / inputHeight, row % inputHeight)
      let run = min(inputWidth - column, pixels.upperBound - pixel)
      // No window reaches an odd last row or column.
      let covered = y < 2 * outputHeight ? max(0, min(2 * outputWidth - column, run)) : 0
      if covered > 0 {
        let windows = window(image * outputHeight + y / 2, 0)
        rowGradient(
          dy + windows, indices + windows, firstTap: 2 * (y % 2), column: column, count: covered,
          into: dx)
      }
      (dx + covered * channels).update(repeating: 0, count: (run - covered) * channels)
      dx += run * channels
      pixel += run
    }
  }

  /// That of some pixels of a row, whose windows begin with those at `dy`.
  @inline(__always)
  private func rowGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, _ indices: UnsafePointer<S>, firstTap: Int, column: Int, count: Int,
    into dx: UnsafeMutablePointer<S>
  ) {
    if let vectors = S.vectors {
      vectors.pooling.max_pool_2x2_backward(
        dy.asFloat, indices.asFloat, Float(firstTap), column, count, channels, dx.asFloat)
      return
    }
    for i in 0..<count * channels {
      let x = column + i / channels
      let window = x / 2 * channels + i % channels
      dx[i] = indices[window] == S(firstTap + x % 2) ? dy[window] : 0
    }
  }
}
