public import TensorCore

/// Convolution of images [N, H, W, C] with a kernel [KH, KW, C, F], as products of matrices.
///
/// The windows of a block of output rows are laid out as the rows of a matrix that fits the cache:
///
///     forward           y [pixels, F]        =  windows [pixels, KH KW C] · kernel [KH KW C, F]
///     kernel gradient   dkernel [KH KW C, F] =  windowsᵀ · dy [pixels, F]
///     input gradient    dwindows             =  dy · kernelᵀ, added back to the pixels of each window
///
/// `Float` images are convolved where they lie instead (`TiledConvolution`), unless
/// their rows are short, or with 3x3 kernels in transformed tiles (`WinogradConvolution`) where that pays. Chunks are images
/// or transformed tiles; blocks and chunks follow from the geometry alone.
public enum Convolution {
  /// Which way; tests take all.
  enum Method {
    /// Transformed tiles where they pay, else as `tiles`.
    case winograd
    /// Tiles of registers where they fit, else as `windows`.
    case tiles
    case windows

    @inline(__always)
    static func best<S: Scalar>(for _: S.Type) -> Method {
      S.vectors == nil ? .windows : .winograd
    }
  }

  /// What a gradient is asked for and where it goes: those that are nil are not computed.
  public struct Gradients<S: Scalar> {
    public let input: Gradient<S>?
    public let kernel: Gradient<S>?
    /// The bias: a number for each filter, for a transposed convolution for each channel.
    public let bias: Gradient<S>?

    public init(input: Gradient<S>?, kernel: Gradient<S>?, bias: Gradient<S>?) {
      (self.input, self.kernel, self.bias) = (input, kernel, bias)
    }
  }

  /// Scratch of `forward` and `inputGradient`: a block for each chunk that may run at a time, and a transposed kernel.
  public static func scratchCount(_ geometry: ConvolutionGeometry) -> Int {
    blocksCount(geometry) + transformedCount(geometry)
  }

  /// Scratch of `gradients` and `transposedGradients`: that, and what chunks sum on their own.
  public static func gradientScratchCount(_ geometry: ConvolutionGeometry) -> Int {
    let pixels = max(
      geometry.inputHeight * geometry.inputWidth, geometry.outputHeight * geometry.outputWidth)
    return scratchCount(geometry) + sumsCount(geometry)
      + Bias.columnSumsScratchCount(
        rows: geometry.batch * pixels, columns: max(geometry.channels, geometry.filters))
  }

  private static func blocksCount(_ geometry: ConvolutionGeometry) -> Int {
    geometry.blocksAtOnce * geometry.blockScratch
  }
  private static func transformedCount(_ geometry: ConvolutionGeometry) -> Int {
    max(geometry.windowCount * geometry.filters, geometry.transformedKernelCount)
  }
  private static func sumsCount(_ geometry: ConvolutionGeometry) -> Int {
    geometry.chunks.count * geometry.windowCount * geometry.filters
  }

  /// The products of each function that a plan may bind.
  public static func forwardProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    geometry.suitsWinograd ? WinogradConvolution(geometry).forwardProducts : []
  }
  public static func inputGradientProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    geometry.reversesToWinograd ? WinogradConvolution(geometry.reversed).forwardProducts : []
  }
  public static func gradientProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    kernelGradientProducts(geometry) + inputGradientProducts(geometry)
  }
  public static func transposedGradientProducts(
    _ geometry: ConvolutionGeometry
  ) -> [FixedProduct] {
    kernelGradientProducts(geometry) + forwardProducts(geometry)
  }
  private static func kernelGradientProducts(_ geometry: ConvolutionGeometry) -> [FixedProduct] {
    geometry.suitsWinograd ? WinogradConvolution(geometry).kernelGradientProducts : []
  }
  private static func kernelGradientProductCount(_ geometry: ConvolutionGeometry) -> Int {
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
    let outputs = ConvolutionOutputs(
      x, kernel: kernel, bias: bias, into: y, accumulate: accumulate, geometry,
      products: products, method: method, transformed: scratch + blocksCount(geometry))
    run(nil, outputs, nil, geometry, scratch: scratch, pool: pool)
  }

  /// The gradient of the images, or the images' gradient plus that.
  ///
  /// - Parameter products: `inputGradientProducts`, bound.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func inputGradient<S: Scalar>(
    _ dy: UnsafePointer<S>, kernel: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>,
    accumulate: Bool, _ geometry: ConvolutionGeometry, products: BoundProducts = .none,
    scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let inputGradient = ConvolutionInputGradient(
      dy, kernel: kernel, into: dx, accumulate: accumulate, geometry, products: products,
      method: .best(for: S.self), turned: scratch + blocksCount(geometry))
    run(nil, inputGradient, nil, geometry, scratch: scratch, pool: pool)
  }

  /// The gradients of the images, the kernel and the bias, or what is there plus that.
  ///
  /// They are one job: none waits for another, so none may write what another reads.
  ///
  /// - Parameter products: `gradientProducts`, bound.
  public static func gradients<S: Scalar>(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, _ dy: UnsafePointer<S>,
    into gradients: Gradients<S>, _ geometry: ConvolutionGeometry,
    products: BoundProducts = .none, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    Self.gradients(
      x, kernel: kernel, dy, into: gradients, geometry, products: products, scratch: scratch,
      pool: pool, method: .best(for: S.self))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  static func gradients<S: Scalar>(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, _ dy: UnsafePointer<S>,
    into gradients: Gradients<S>, _ geometry: ConvolutionGeometry,
    products: BoundProducts = .none, scratch: UnsafeMutablePointer<S>, pool: WorkerPool,
    method: Method
  ) {
    let inputGradient = gradients.input.map { gradient in
      ConvolutionInputGradient(
        dy, kernel: kernel, into: gradient.view.base, accumulate: gradient.accumulates, geometry,
        products: products.dropFirst(kernelGradientProductCount(geometry)), method: method,
        turned: scratch + blocksCount(geometry))
    }
    run(
      inputGradient, kernelOf: (x, dy), biasOf: dy,
      pixels: geometry.outputHeight * geometry.outputWidth, columns: geometry.filters,
      into: gradients, geometry, products: products, scratch: scratch, pool: pool, method: method)
  }

  /// The gradients of the transposed convolution whose output is the convolution's input, y = x *ᵀ kernel + bias with a
  /// bias for each channel of y, or what is there plus that.
  ///
  /// - Parameters:
  ///   - x: what was convolved, of the shape of the convolution's output.
  ///   - products: `transposedGradientProducts`, bound.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public static func transposedGradients<S: Scalar>(
    _ x: UnsafePointer<S>, kernel: UnsafePointer<S>, _ dy: UnsafePointer<S>,
    into gradients: Gradients<S>, _ geometry: ConvolutionGeometry,
    products: BoundProducts = .none, scratch: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    let method = Method.best(for: S.self)
    let inputGradient = gradients.input.map { gradient in
      ConvolutionOutputs(
        dy, kernel: kernel, bias: nil, into: gradient.view.base,
        accumulate: gradient.accumulates, geometry,
        products: products.dropFirst(kernelGradientProductCount(geometry)), method: method,
        transformed: scratch + blocksCount(geometry))
    }
    run(
      inputGradient, kernelOf: (dy, x), biasOf: dy,
      pixels: geometry.inputHeight * geometry.inputWidth, columns: geometry.channels,
      into: gradients, geometry, products: products, scratch: scratch, pool: pool, method: method)
  }

  /// Gradients: of the input as it is given, of the kernel from an input and a gradient of an output, and of the bias from
  /// a gradient of so many pixels an image.
  @inline(__always)
  private static func run<Images: ConvolutionChunks>(
    _ inputGradient: Images?, kernelOf pair: (UnsafePointer<Images.S>, UnsafePointer<Images.S>),
    biasOf dy: UnsafePointer<Images.S>, pixels: Int, columns: Int,
    into gradients: Gradients<Images.S>, _ geometry: ConvolutionGeometry,
    products: BoundProducts, scratch: UnsafeMutablePointer<Images.S>, pool: WorkerPool,
    method: Method
  ) {
    let sums = scratch + scratchCount(geometry)
    let kernelGradient = gradients.kernel.map { gradient in
      ConvolutionKernelGradient(
        pair.0, pair.1, into: gradient, geometry, products: products, method: method, sums: sums)
    }
    let biasGradient = gradients.bias.map { gradient in
      ColumnSums(
        dy, rows: geometry.batch * pixels, columns: columns, listed: nil,
        into: gradient.view.base, accumulate: gradient.accumulates,
        scratch: sums + sumsCount(geometry))
    }
    run(kernelGradient, inputGradient, biasGradient, geometry, scratch: scratch, pool: pool)
  }

  /// Does what is asked for: the kernel's gradient first, whose chunks are long.
  @inline(__always)
  private static func run<Images: ConvolutionChunks>(
    _ kernelGradient: ConvolutionKernelGradient<Images.S>?, _ images: Images?,
    _ biasGradient: ColumnSums<Images.S>?, _ geometry: ConvolutionGeometry,
    scratch: UnsafeMutablePointer<Images.S>, pool: WorkerPool
  ) {
    images?.prepare(pool: pool)
    let slots = ScratchSlots(count: geometry.blocksAtOnce)
    let imageChunks = images?.count ?? 0
    pool.run(
      chunks: kernelGradient?.count ?? 0,
      { chunk in
        let slot = slots.take()
        defer { slots.giveBack(slot) }
        kernelGradient?.compute(chunk, block: scratch + slot * geometry.blockScratch)
      },
      alongside: imageChunks + (biasGradient?.chunks.count ?? 0),
      { number in
        if number >= imageChunks {
          biasGradient?.compute(chunk: number - imageChunks)
          return
        }
        let slot = slots.take()
        defer { slots.giveBack(slot) }
        images?.compute(number, block: scratch + slot * geometry.blockScratch)
      })
    kernelGradient?.finish(pool: pool)
    biasGradient?.finish(pool: pool)
  }
}

/// What is made of images, or their gradients, in chunks none of which waits for another.
protocol ConvolutionChunks {
  associatedtype S: Scalar

  var count: Int { get }

  /// Lays out the kernel, before the chunks.
  func prepare(pool: WorkerPool)

  /// - Parameter block: `ConvolutionGeometry.blockScratch` scalars.
  func compute(_ chunk: Int, block: UnsafeMutablePointer<S>)
}
