import TensorCore

/// y = x * kernel + bias, or y += that, of `Convolution`.
struct ConvolutionOutputs<S: Scalar>: ConvolutionChunks {
  private let x: UnsafePointer<S>
  private let kernel: UnsafePointer<S>
  private let bias: UnsafePointer<S>?
  private let y: UnsafeMutablePointer<S>
  private let accumulate: Bool
  private let geometry: ConvolutionGeometry
  private let products: BoundProducts
  private let usesWinograd: Bool
  private let usesTiles: Bool
  private let transformed: UnsafeMutablePointer<S>

  /// - Parameter transformed: memory for the kernel, transformed.
  init(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, accumulate: Bool, _ geometry: ConvolutionGeometry,
    products: BoundProducts, method: Convolution.Method, transformed: UnsafeMutablePointer<S>
  ) {
    (self.x, self.kernel, self.bias, self.y) = (x, kernel, bias, y)
    (self.accumulate, self.geometry, self.products) = (accumulate, geometry, products)
    usesWinograd = method == .winograd && geometry.suitsWinograd
    usesTiles = method != .windows && geometry.hasLongRows
    self.transformed = transformed
  }

  var count: Int {
    usesWinograd ? WinogradConvolution(geometry).chunkCount : geometry.imageChunks.count
  }

  func prepare(pool: WorkerPool) {
    guard usesWinograd else { return }
    WinogradConvolution(geometry).transform(
      kernel.asFloat, turned: false, into: transformed.asFloat, pool: pool)
  }

  func compute(_ chunk: Int, block: UnsafeMutablePointer<S>) {
    if usesWinograd {
      WinogradConvolution(geometry, products: products).forward(
        x.asFloat, transformed: transformed.asFloat, bias: bias?.asFloat, into: y.asFloat,
        accumulate: accumulate, chunk: chunk, scratch: block.asFloat)
      return
    }
    let images = geometry.imageChunks.range(chunk)
    if usesTiles {
      TiledConvolution(geometry).forward(
        x.asFloat, kernel: kernel.asFloat, bias: bias?.asFloat, into: y.asFloat,
        accumulate: accumulate, images: images, frame: block.asFloat)
      return
    }
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    Windows.forEachBlock(of: images, x, in: block, geometry) { lines, rows in
      let first = lines.lowerBound * geometry.outputWidth
      gemm(
        m: lines.count * geometry.outputWidth, n: filters, k: inner, rows, lda: inner, kernel,
        ldb: filters, accumulate: accumulate, bias: bias, into: y + first * filters, ldc: filters)
    }
  }
}
