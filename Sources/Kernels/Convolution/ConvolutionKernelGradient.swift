import TensorCore

/// The gradient of the kernel, or the kernel's gradient plus that, of `Convolution`: each chunk sums over its images, and
/// then the sums are added in order.
struct ConvolutionKernelGradient<S: Scalar> {
  private let x: UnsafePointer<S>
  private let dy: UnsafePointer<S>
  private let gradient: Gradient<S>
  private let geometry: ConvolutionGeometry
  private let products: BoundProducts
  private let method: Convolution.Method
  private let sums: UnsafeMutablePointer<S>
  private var kernelCount: Int { geometry.windowCount * geometry.filters }

  /// - Parameter sums: memory for a kernel of each chunk.
  init(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, into gradient: Gradient<S>,
    _ geometry: ConvolutionGeometry, products: BoundProducts, method: Convolution.Method,
    sums: UnsafeMutablePointer<S>
  ) {
    (self.x, self.dy, self.gradient, self.geometry) = (x, dy, gradient, geometry)
    (self.products, self.method, self.sums) = (products, method, sums)
  }

  var count: Int { geometry.chunks.count }

  /// - Parameter block: `ConvolutionGeometry.blockScratch` scalars.
  func compute(_ chunk: Int, block: UnsafeMutablePointer<S>) {
    let (images, sums) = (geometry.chunks.range(chunk), sums + chunk * kernelCount)
    if method == .winograd, geometry.suitsWinograd {
      WinogradConvolution(geometry, products: products).kernelGradient(
        x.asFloat, dy.asFloat, into: sums.asFloat, images: images, scratch: block.asFloat)
      return
    }
    if method != .windows {
      TiledConvolution(geometry).kernelGradient(
        x.asFloat, dy.asFloat, into: sums.asFloat, images: images, frame: block.asFloat)
      return
    }
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    Windows.forEachBlock(of: images, x, in: block, geometry) { lines, rows in
      let first = lines.lowerBound * geometry.outputWidth
      gemm(
        transposeA: true, m: inner, n: filters, k: lines.count * geometry.outputWidth, rows,
        lda: inner, dy + first * filters, ldb: filters,
        accumulate: lines.lowerBound > images.lowerBound * geometry.outputHeight, into: sums,
        ldc: filters)
    }
  }

  /// Adds up the sums, once all chunks are done.
  func finish(pool: WorkerPool) {
    addPartials(
      sums, parts: count, count: kernelCount, into: gradient.view.base,
      accumulate: gradient.accumulates, pool: pool)
  }
}
