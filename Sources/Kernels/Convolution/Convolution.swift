public import TensorCore

/// Convolution of images [N, H, W, C] with a kernel [KH, KW, C, F], as products of matrices.
///
/// The windows of a block of output rows are laid out as the rows of a matrix that fits the cache:
///
///     forward           y [pixels, F]        =  windows [pixels, KH KW C] · kernel [KH KW C, F]
///     kernel gradient   dkernel [KH KW C, F] =  windowsᵀ · dy [pixels, F]
///     input gradient    dwindows             =  dy · kernelᵀ, added back to the pixels of each window
///
/// Where the processor has AVX-512, `Float` images are convolved where they lie instead (`TiledConvolution`), unless
/// their rows are short, or with 3x3 kernels in transformed tiles (`WinogradConvolution`) where that pays. Chunks are images; blocks and chunks follow from the geometry alone.
public enum Convolution {
  /// Scratch of `forward` and `inputGradient`: a block for each chunk that may run at a time, and a transposed kernel.
  public static func scratchCount(_ geometry: ConvolutionGeometry) -> Int {
    blocksCount(geometry)
      + max(geometry.windowCount * geometry.filters, geometry.transformedKernelCount)
  }

  /// Scratch of `kernelGradient`: those blocks, and each chunk's own sum; enough for `inputGradient` too.
  public static func kernelGradientScratchCount(_ geometry: ConvolutionGeometry) -> Int {
    blocksCount(geometry)
      + max(
        max(1, geometry.chunks.count) * geometry.windowCount * geometry.filters,
        geometry.transformedKernelCount)
  }

  private static func blocksCount(_ geometry: ConvolutionGeometry) -> Int {
    geometry.chunks.count * geometry.blockScratch
  }

  /// Which way; tests take all.
  enum Method {
    /// Transformed tiles where they pay, else as `tiles`.
    case winograd
    /// Tiles of registers where they fit, else as `windows`.
    case tiles
    case windows

    @inline(__always)
    static func best<S: Scalar>(for _: S.Type) -> Method {
      S.isFloat && RegisterTiles.areAvailable ? .winograd : .windows
    }
  }

  /// The products of each function that a plan may bind.
  public static func forwardProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    geometry.suitsWinograd ? WinogradConvolution(geometry).forwardProducts : []
  }
  public static func inputGradientProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    geometry.isDense && geometry.reversed.suitsWinograd
      ? WinogradConvolution(geometry.reversed, chunks: geometry.chunks).forwardProducts : []
  }
  public static func kernelGradientProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    geometry.suitsWinograd ? WinogradConvolution(geometry).kernelGradientProducts : []
  }
  public static func kernelGradientProductCount(_ geometry: ConvolutionGeometry) -> Int {
    geometry.suitsWinograd ? WinogradConvolution.kernelGradientProductCount : 0
  }

  /// y = x * kernel + bias, or y += that.
  public static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, accumulate: Bool = false, _ geometry: ConvolutionGeometry,
    products: BoundProducts = .none, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    forward(
      x, kernel: kernel, bias: bias, into: y, accumulate: accumulate, geometry,
      products: products, scratch: scratch, pool: pool, method: .best(for: S.self))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  static func forward<S: Scalar>(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, bias: UnsafePointer<S>?,
    into y: UnsafeMutablePointer<S>, accumulate: Bool, _ geometry: ConvolutionGeometry,
    products: BoundProducts = .none, scratch: UnsafeMutablePointer<S>, pool: WorkerPool,
    method: Method
  ) {
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    let usesWinograd = method == .winograd && geometry.suitsWinograd
    let transformed = (scratch + blocksCount(geometry)).asFloat
    if usesWinograd {
      transform(kernel.asFloat, geometry, turned: false, into: transformed, pool: pool)
    }
    let slots = ScratchSlots()
    pool.run(geometry.chunks) { images in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let block = scratch + slot * geometry.blockScratch
      if usesWinograd {
        WinogradConvolution(geometry, products: products).forward(
          x.asFloat, transformed: transformed, bias: bias?.asFloat, into: y.asFloat,
          accumulate: accumulate, images: images, scratch: block.asFloat)
        return
      }
      if method != .windows, geometry.hasLongRows {
        TiledConvolution(geometry).forward(
          x.asFloat, kernel: kernel.asFloat, bias: bias?.asFloat, into: y.asFloat,
          accumulate: accumulate, images: images, frame: block.asFloat)
        return
      }
      geometry.forEachBlock(of: images) { lines in
        let pixels = lines.count * geometry.outputWidth
        let first = lines.lowerBound * geometry.outputWidth
        let y = y + first * filters
        var rows = x + first * inner
        if !geometry.isPointwise {
          Windows.gather(lines, of: x, into: block, geometry)
          rows = UnsafePointer(block)
        }
        gemm(
          m: pixels, n: filters, k: inner, rows, lda: inner, kernel, ldb: filters,
          accumulate: accumulate, bias: bias, into: y, ldc: filters)
      }
    }
  }

  /// The gradient of the kernel, or the kernel's gradient plus that.
  public static func kernelGradient<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dkernel: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, products: BoundProducts = .none,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    kernelGradient(
      x, dy, into: dkernel, accumulate: accumulate, geometry, products: products,
      scratch: scratch, pool: pool, method: .best(for: S.self))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  static func kernelGradient<S: Scalar>(
    _ x: UnsafePointer<S>, _ dy: UnsafePointer<S>, into dkernel: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, products: BoundProducts = .none,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool, method: Method
  ) {
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    let chunks = geometry.chunks
    let sums = scratch + blocksCount(geometry)
    let slots = ScratchSlots()
    pool.run(chunks: chunks.count) { chunk in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let block = scratch + slot * geometry.blockScratch
      let images = chunks.range(chunk)
      if method == .winograd, geometry.suitsWinograd {
        WinogradConvolution(geometry, products: products).kernelGradient(
          x.asFloat, dy.asFloat, into: (sums + chunk * inner * filters).asFloat, images: images,
          scratch: block.asFloat)
        return
      }
      if method != .windows {
        TiledConvolution(geometry).kernelGradient(
          x.asFloat, dy.asFloat, into: (sums + chunk * inner * filters).asFloat, images: images,
          frame: block.asFloat)
        return
      }
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
    }
    addPartials(
      sums, parts: chunks.count, count: inner * filters, into: dkernel, accumulate: accumulate,
      pool: pool)
  }

  /// The kernel as transformed tiles are multiplied with it.
  private static func transform(
    _ kernel: UnsafePointer<Float>, _ geometry: ConvolutionGeometry, turned: Bool,
    into transformed: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    let lanes = WinogradConvolution.lanes
    pool.run(Chunks(of: geometry.channels, atLeast: lanes, multipleOf: lanes)) { channels in
      WinogradConvolution(geometry).transform(
        kernel, channels: channels, turned: turned, into: transformed)
    }
  }

  /// The gradient of the images, or the images' gradient plus that.
  public static func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, kernel: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, products: BoundProducts = .none,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    inputGradient(
      dy, kernel: kernel, into: dx, accumulate: accumulate, geometry, products: products,
      scratch: scratch, pool: pool, method: .best(for: S.self))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  static func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, kernel: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, products: BoundProducts = .none,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool, method: Method
  ) {
    let (inner, filters) = (geometry.windowCount, geometry.filters)
    // With few channels a tile would be mostly empty.
    let usesTiles = method != .windows && geometry.hasLongRows && geometry.channels >= 12
    let usesWinograd = method == .winograd && geometry.isDense && geometry.reversed.suitsWinograd
    let turned = scratch + blocksCount(geometry)
    if usesWinograd {
      transform(kernel.asFloat, geometry, turned: true, into: turned.asFloat, pool: pool)
    } else if usesTiles {
      pool.run(Chunks(of: geometry.kernelHeight * geometry.kernelWidth, atLeast: 1)) { taps in
        for tap in taps {
          TiledConvolution(geometry).turn(kernel.asFloat, tap: tap, into: turned.asFloat)
        }
      }
    }
    let slots = ScratchSlots()
    pool.run(geometry.chunks) { images in
      let slot = slots.take()
      defer { slots.giveBack(slot) }
      let block = scratch + slot * geometry.blockScratch
      if usesWinograd {
        WinogradConvolution(
          geometry.reversed, chunks: geometry.chunks, products: products
        ).forward(
          dy.asFloat, transformed: turned.asFloat, bias: nil, into: dx.asFloat,
          accumulate: accumulate, images: images, scratch: block.asFloat)
        return
      }
      if usesTiles {
        let tiled = TiledConvolution(geometry)
        let turned = UnsafePointer(turned.asFloat)
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
}
