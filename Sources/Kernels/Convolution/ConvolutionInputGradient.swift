import TensorCore

/// The gradient of the images, or the images' gradient plus that, of `Convolution`.
struct ConvolutionInputGradient<S: Scalar>: ConvolutionChunks {
  private let dy: UnsafePointer<S>
  private let kernel: UnsafePointer<S>
  private let dx: UnsafeMutablePointer<S>
  private let accumulate: Bool
  private let geometry: ConvolutionGeometry
  private let products: BoundProducts
  private let usesWinograd: Bool
  private let usesTiles: Bool
  private let turned: UnsafeMutablePointer<S>

  /// - Parameter turned: memory for the kernel, turned round.
  init(
    _ dy: UnsafePointer<S>, kernel: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, products: BoundProducts,
    method: Convolution.Method, turned: UnsafeMutablePointer<S>
  ) {
    (self.dy, self.kernel, self.dx, self.accumulate) = (dy, kernel, dx, accumulate)
    (self.geometry, self.products, self.turned) = (geometry, products, turned)
    usesWinograd = method == .winograd && geometry.reversesToWinograd
    // With few channels a tile would be mostly empty.
    usesTiles = method != .windows && geometry.hasLongRows && geometry.channels >= 12
  }

  var count: Int {
    usesWinograd ? WinogradConvolution(geometry.reversed).chunkCount : geometry.imageChunks.count
  }

  func prepare(pool: WorkerPool) {
    if usesWinograd {
      WinogradConvolution(geometry).transform(
        kernel.asFloat, turned: true, into: turned.asFloat, pool: pool)
    } else if usesTiles {
      pool.run(Chunks(of: geometry.kernelHeight * geometry.kernelWidth, atLeast: 1)) { taps in
        for tap in taps {
          TiledConvolution(geometry).turn(kernel.asFloat, tap: tap, into: turned.asFloat)
        }
      }
    }
  }

  func compute(_ chunk: Int, block: UnsafeMutablePointer<S>) {
    if usesWinograd {
      WinogradConvolution(geometry.reversed, products: products).forward(
        dy.asFloat, transformed: turned.asFloat, bias: nil, into: dx.asFloat,
        accumulate: accumulate, chunk: chunk, scratch: block.asFloat)
      return
    }
    let images = geometry.imageChunks.range(chunk)
    if usesTiles {
      let (tiled, turned) = (TiledConvolution(geometry), UnsafePointer(turned.asFloat))
      if geometry.isDense {
        tiled.inputGradient(
          dy.asFloat, turned: turned, into: dx.asFloat, accumulate: accumulate, images: images,
          frame: block.asFloat)
      } else {
        tiled.scatterGradient(
          dy.asFloat, turned: turned, into: dx.asFloat, accumulate: accumulate, images: images)
      }
      return
    }
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    if !accumulate, !geometry.isPointwise {
      (dx + images.lowerBound * geometry.inputCount).update(
        repeating: 0, count: images.count * geometry.inputCount)
    }
    geometry.forEachBlock(of: images) { lines in
      let first = lines.lowerBound * geometry.outputWidth
      let rows = geometry.isPointwise ? dx + first * inner : block
      gemm(
        transposeB: true, m: lines.count * geometry.outputWidth, n: inner, k: filters,
        dy + first * filters, lda: filters, kernel, ldb: filters,
        accumulate: accumulate && geometry.isPointwise, into: rows, ldc: inner)
      if !geometry.isPointwise { Windows.scatter(lines, of: block, into: dx, geometry) }
    }
  }
}
