public import TensorCore

/// Convolution of images [N, H, W, C] with a kernel [KH, KW, C, F], as products of matrices.
///
/// The windows of a block of output rows are laid out as the rows of a matrix that fits the cache:
///
///     forward           y [pixels, F]        =  windows [pixels, KH KW C] · kernel [KH KW C, F]
///     kernel gradient   dkernel [KH KW C, F] =  windowsᵀ · dy [pixels, F]
///     input gradient    dwindows             =  dy · kernelᵀ, added back to the pixels of each window
///
/// Chunks are images; blocks and chunks follow from the geometry alone.
public enum Convolution {
  /// Scratch of `forward` and `inputGradient`: a block for each chunk that may run at a time.
  public static func scratchCount(_ geometry: ConvolutionGeometry) -> Int {
    geometry.chunks.count * geometry.blockScratch
  }

  /// Scratch of `kernelGradient`: those blocks, and each chunk's own sum.
  public static func kernelGradientScratchCount(_ geometry: ConvolutionGeometry) -> Int {
    scratchCount(geometry) + geometry.chunks.count * geometry.windowCount * geometry.filters
  }

  /// y = x * kernel + bias.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, _ geometry: ConvolutionGeometry,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    let slots = ScratchSlots()
    pool.run(geometry.chunks) { images in
      let slot = slots.take()
      let block = scratch + slot * geometry.blockScratch
      geometry.forEachBlock(of: images) { lines in
        let pixels = lines.count * geometry.outputWidth
        let first = lines.lowerBound * geometry.outputWidth
        let y = y + first * filters
        var rows = x + first * inner
        if !geometry.isPointwise {
          Windows.gather(lines, of: x, into: block, geometry)
          rows = UnsafePointer(block)
        }
        if let bias {
          for pixel in 0..<pixels { (y + pixel * filters).update(from: bias, count: filters) }
        }
        gemm(
          m: pixels, n: filters, k: inner, rows, lda: inner, kernel, ldb: filters,
          accumulate: bias != nil, into: y, ldc: filters)
      }
      slots.giveBack(slot)
    }
  }

  /// The gradient of the kernel, or the kernel's gradient plus that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func kernelGradient<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dkernel: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    let chunks = geometry.chunks
    let sums = scratch + scratchCount(geometry)
    let slots = ScratchSlots()
    pool.run(chunks: chunks.count) { chunk in
      let slot = slots.take()
      let block = scratch + slot * geometry.blockScratch
      let images = chunks.range(chunk)
      geometry.forEachBlock(of: images) { lines in
        let first = lines.lowerBound * geometry.outputWidth
        var rows = x + first * inner
        if !geometry.isPointwise {
          Windows.gather(lines, of: x, into: block, geometry)
          rows = UnsafePointer(block)
        }
        gemm(
          transposeA: true, m: inner, n: filters, k: lines.count * geometry.outputWidth, rows,
          lda: inner, dy + first * filters, ldb: filters,
          accumulate: lines.lowerBound > images.lowerBound * geometry.outputHeight,
          into: sums + chunk * inner * filters, ldc: filters)
      }
      slots.giveBack(slot)
    }
    addPartials(
      sums, parts: chunks.count, count: inner * filters, into: dkernel, accumulate: accumulate)
  }

  /// The gradient of the images, or the images' gradient plus that.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, kernel: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, scratch: UnsafeMutablePointer<S>,
    pool: WorkerPool
  ) {
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    let slots = ScratchSlots()
    pool.run(geometry.chunks) { images in
      let slot = slots.take()
      let block = scratch + slot * geometry.blockScratch
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
      slots.giveBack(slot)
    }
  }
}
