import CSIMD
import TensorCore

/// Windows of an image as rows of a matrix (im2col), and rows added back to the image (col2im).
enum Windows {
  /// Calls `body` with the output rows of each block of some images and their windows: laid out in memory, or the images
  /// themselves where these are their own windows.
  @inline(__always)
  static func forEachBlock<S: Scalar>(
    of images: Range<Int>, _ x: UnsafePointer<S>, in memory: UnsafeMutablePointer<S>,
    _ geometry: ConvolutionGeometry, _ body: (Range<Int>, UnsafePointer<S>) -> Void
  ) {
    geometry.forEachBlock(of: images) { lines in
      if geometry.isPointwise {
        body(lines, x + lines.lowerBound * geometry.outputWidth * geometry.windowCount)
      } else {
        gather(lines, of: x, into: memory, geometry)
        body(lines, UnsafePointer(memory))
      }
    }
  }

  /// Writes the windows of the output rows of a block, one behind the other.
  @inline(__always)
  static func gather<S: Scalar>(
    _ block: Range<Int>, of x: UnsafePointer<S>, into rows: UnsafeMutablePointer<S>,
    _ geometry: ConvolutionGeometry
  ) {
    var windows = geometry.windows
    geometry.forEachImage(in: block) { image, lines, offset in
      let image = x + image * geometry.inputCount
      let rows = rows + offset * geometry.outputWidth * geometry.windowCount
      if let vectors = S.vectors {
        vectors.convolution.windows_to_rows(
          image.asFloat, &windows, Int64(lines.lowerBound), Int64(lines.upperBound), rows.asFloat)
      } else {
        forEachElement(lines, geometry) { row, pixel in
          rows[row] = pixel.map { image[$0] } ?? 0
        }
      }
    }
  }

  /// Adds rows to the pixels that they were gathered from.
  @inline(__always)
  static func scatter<S: Scalar>(
    _ block: Range<Int>, of rows: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    _ geometry: ConvolutionGeometry
  ) {
    var windows = geometry.windows
    geometry.forEachImage(in: block) { image, lines, offset in
      let image = dx + image * geometry.inputCount
      let rows = rows + offset * geometry.outputWidth * geometry.windowCount
      if let vectors = S.vectors {
        vectors.convolution.add_rows_to_windows(
          rows.asFloat, &windows, Int64(lines.lowerBound), Int64(lines.upperBound), image.asFloat)
      } else {
        forEachElement(lines, geometry) { row, pixel in
          if let pixel { image[pixel] += rows[row] }
        }
      }
    }
  }

  /// The plain reference: calls `body` with every element of the rows and the pixel that it stands for, if any.
  @inline(__always)
  private static func forEachElement(
    _ lines: Range<Int>, _ g: ConvolutionGeometry, _ body: (_ row: Int, _ pixel: Int?) -> Void
  ) {
    var element = 0
    for line in lines {
      for column in 0..<g.outputWidth {
        for ky in 0..<g.kernelHeight {
          let y = line * g.strideHeight - g.paddingTop + ky * g.dilationHeight
          for kx in 0..<g.kernelWidth {
            let x = column * g.strideWidth - g.paddingLeft + kx * g.dilationWidth
            let isInside = y >= 0 && y < g.inputHeight && x >= 0 && x < g.inputWidth
            for channel in 0..<g.channels {
              body(
                element, isInside ? (y * g.inputWidth + x) * g.channels + channel : nil)
              element += 1
            }
          }
        }
      }
    }
  }
}
