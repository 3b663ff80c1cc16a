import CSIMD
import TensorCore

/// Convolution with 3x3 kernels at stride 1 by transformed tiles of 2x2 outputs, which take 2.25 times fewer
/// multiplications: F(2x2, 3x3) of Lavin and Gray, "Fast algorithms for convolutional neural networks" (2016).
///
/// The tiles of a block are transformed, multiplied as 16 products of matrices and transformed back while they are in the
/// second-level cache. Sums are of transformed numbers, so they differ from the plain convolution's by rounding: by about
/// as much as those differ among themselves where they are summed in another order.
struct WinogradConvolution {
  typealias Source = UnsafePointer<Float>
  typealias Destination = UnsafeMutablePointer<Float>

  private let g: ConvolutionGeometry
  private let products: BoundProducts
  private let tileRows: Int
  private let tileColumns: Int

  /// - Parameter products: `forwardProducts` or `kernelGradientProducts`, bound.
  init(_ geometry: ConvolutionGeometry, products: BoundProducts = .none) {
    g = geometry
    self.products = products
    tileRows = (g.outputHeight + 1) / 2
    tileColumns = (g.outputWidth + 1) / 2
  }

  /// Blocks come in whole tiles of registers.
  private static let tileUnit = RegisterTiles.mostRows

  /// How many channels' kernels are transformed together.
  private static let lanes = 16

  /// The kernel, transformed: [16, C, F].
  ///
  /// If turned, the one that leads from gradients of the outputs to those of the inputs: [16, F, C].
  func transform(
    _ kernel: Source, turned: Bool, into transformed: Destination, pool: WorkerPool
  ) {
    pool.run(Chunks(of: g.channels, atLeast: Self.lanes, multipleOf: Self.lanes)) { channels in
      VectorKernels.current.winograd.winograd_kernel(
        kernel, Int64(g.channels), Int64(g.filters), Int64(channels.lowerBound),
        Int64(channels.count), turned, transformed)
    }
  }

  /// How many chunks `forward` is cut into.
  var chunkCount: Int { forwardChunks.count }

  /// y of a chunk of tiles, or y += that.
  ///
  /// - Parameter transformed: the kernel as [16, C, F].
  func forward(
    _ x: Source, transformed: Source, bias: Source?, into y: Destination, accumulate: Bool,
    chunk: Int, scratch: Destination
  ) {
    var (windows, outputs) = (self.windows, self.outputs)
    let products = scratch + 16 * windowStep
    let blocks = forwardBlocks
    for block in forwardChunks.range(chunk) {
      let tiles = blocks.range(block)
      let (first, count) = (Int64(tiles.lowerBound), Int64(tiles.count))
      VectorKernels.current.winograd.winograd_windows(
        &windows, x, first, count, scratch, Int64(windowStep))
      let product = outputProduct(tiles.count)
      let number =
        tiles.count == blocks.lengths.0 ? 0 : tiles.count == blocks.lengths.1 ? 1 : 2
      for index in 0..<16 {
        self.products.multiply(
          number, product, scratch + index * windowStep,
          transformed + index * g.channels * g.filters, into: products + index * outputStep)
      }
      VectorKernels.current.winograd.winograd_outputs(
        &outputs, products, Int64(outputStep), first, count, bias, accumulate, y)
    }
  }

  /// The kernel's gradient of some images.
  func kernelGradient(
    _ x: Source, _ dy: Source, into sums: Destination, images: Range<Int>, scratch: Destination
  ) {
    var (windows, outputs) = (self.windows, self.outputs)
    let gradients = scratch + 16 * windowStep
    let transformed = gradients + 16 * outputStep
    let start = images.lowerBound * tileRows * tileColumns
    forEachBlock(of: images) { first, count in
      VectorKernels.current.winograd.winograd_windows(
        &windows, x, Int64(first), Int64(count), scratch, Int64(windowStep))
      VectorKernels.current.winograd.winograd_gradients(
        &outputs, dy, Int64(first), Int64(count), gradients, Int64(outputStep))
      let isFirst = first == start
      let product = gradientProduct(count, accumulate: !isFirst)
      let number = 2 * gradientNumber(count, of: images) + (isFirst ? 0 : 1)
      for index in 0..<16 {
        products.multiply(
          number, product, scratch + index * windowStep, gradients + index * outputStep,
          into: transformed + index * g.channels * g.filters)
      }
    }
    VectorKernels.current.winograd.winograd_kernel_gradient(
      transformed, Int64(g.channels), Int64(g.filters), sums)
  }

  /// The products of `forward`, for each length that a block may have.
  var forwardProducts: [FixedProduct] {
    let blocks = forwardBlocks
    let last = blocks.count == 0 ? 0 : blocks.range(blocks.count - 1).count
    return [blocks.lengths.0, blocks.lengths.1, last].map(outputProduct)
  }

  /// The products of `kernelGradient`, for each length that a block may have, as first and as later block of a chunk.
  var kernelGradientProducts: [FixedProduct] {
    gradientLengths.flatMap { length in
      [false, true].map { gradientProduct(length, accumulate: $0) }
    }
  }

  static let kernelGradientProductCount = 6

  /// Transformed windows [tiles, C] · transformed kernel [C, F].
  private func outputProduct(_ tiles: Int) -> FixedProduct {
    FixedProduct(
      m: tiles, n: g.filters, k: g.channels, lda: g.channels, ldb: g.filters, ldc: g.filters)
  }

  /// Transformed windows, transposed, · transformed gradients [tiles, F]: the inner index is the tile.
  private func gradientProduct(_ tiles: Int, accumulate: Bool) -> FixedProduct {
    FixedProduct(
      transposeA: true, m: g.channels, n: g.filters, k: tiles, lda: g.channels, ldb: g.filters,
      ldc: g.filters, accumulate: accumulate)
  }

  /// The tiles of all images.
  private var tiles: Int { g.batch * tileRows * tileColumns }

  /// Blocks of `forward`, of whole tiles of registers, and the chunks they are shared out in.
  private var forwardBlocks: EvenParts {
    EvenParts(
      of: tiles, count: max(wantedChunks, (tiles + blockTiles - 1) / blockTiles),
      multipleOf: Self.tileUnit)
  }
  private var forwardChunks: EvenParts {
    EvenParts(of: forwardBlocks.count, count: wantedChunks)
  }
  private var wantedChunks: Int {
    // All images together may be more work than an integer counts.
    let work = Double(tiles) * 16 * Double(g.channels) * Double(g.filters)
    let wanted = work / Double(ConvolutionGeometry.workOfChunk)
    return Int(max(1, min(Double(Chunks.most), wanted)))
  }

  /// How long blocks of `kernelGradient` may be: the usual, and what is left of the tiles of a chunk of images and of the
  /// last chunk.
  private var gradientLengths: [Int] {
    let chunks = g.chunks
    let last = chunks.count > 0 ? chunks.range(chunks.count - 1).count : 0
    return [blockTiles] + [chunks.length, last].map { $0 * tileRows * tileColumns % blockTiles }
  }

  private func gradientNumber(_ count: Int, of images: Range<Int>) -> Int {
    count == blockTiles ? 0 : images.count == g.chunks.length ? 1 : 2
  }

  /// Scalars that a chunk needs: windows, outputs, and the sums of the kernel's gradient.
  var scratchCount: Int { 16 * (windowStep + outputStep + g.channels * g.filters) }

  /// Tiles that are transformed together: what is made of them takes part of the second-level cache, and they fill tiles
  /// of registers.
  private var blockTiles: Int {
    let tiles = max(2 * Self.tileUnit, 3_072 / (g.channels + g.filters))
    return (tiles + Self.tileUnit - 1) / Self.tileUnit * Self.tileUnit
  }

  /// From one of the 16 numbers of a tile to the next: a cache line more than the block, so that the 16 do not fall on one
  /// set of the cache.
  private var windowStep: Int { blockTiles * g.channels + 16 }
  private var outputStep: Int { blockTiles * g.filters + 16 }

  private var windows: csimd_winograd {
    csimd_winograd(
      height: Int64(g.inputHeight), width: Int64(g.inputWidth), channels: Int64(g.channels),
      tile_rows: Int64(tileRows), tile_columns: Int64(tileColumns),
      padding_top: Int64(g.paddingTop), padding_left: Int64(g.paddingLeft))
  }

  private var outputs: csimd_winograd {
    csimd_winograd(
      height: Int64(g.outputHeight), width: Int64(g.outputWidth), channels: Int64(g.filters),
      tile_rows: Int64(tileRows), tile_columns: Int64(tileColumns), padding_top: 0,
      padding_left: 0)
  }

  @inline(__always)
  private func forEachBlock(of images: Range<Int>, _ body: (_ first: Int, _ count: Int) -> Void) {
    let tiles = tileRows * tileColumns
    let (block, end) = (blockTiles, images.upperBound * tiles)
    var first = images.lowerBound * tiles
    while first < end {
      let count = min(block, end - first)
      body(first, count)
      first += count
    }
  }
}

extension ConvolutionGeometry {
  /// Whether transformed tiles pay: whole vectors of channels, and outputs that fill most of their tiles.
  var suitsWinograd: Bool {
    let tiles = (outputHeight + 1) / 2 * ((outputWidth + 1) / 2)
    return kernelHeight == 3 && kernelWidth == 3 && isDense && channels % 16 == 0
      && filters % 16 == 0
      && (0...2).contains(paddingTop) && (0...2).contains(paddingLeft)
      && 10 * outputHeight * outputWidth >= 7 * 4 * tiles
  }

  /// The convolution that leads from gradients of the outputs to gradients of the inputs, where no window is skipped:
  /// each pixel sums over the outputs around it, with the kernel turned by 180 degrees and its axes exchanged.
  var reversed: ConvolutionGeometry {
    ConvolutionGeometry(
      batch: batch, inputHeight: outputHeight, inputWidth: outputWidth, channels: filters,
      filters: channels, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
      paddingTop: kernelHeight - 1 - paddingTop, paddingLeft: kernelWidth - 1 - paddingLeft,
      outputHeight: inputHeight, outputWidth: inputWidth)
  }

  /// Scalars that a chunk takes for transformed tiles in either direction, and that a transformed kernel takes.
  var winogradScratch: Int {
    max(
      suitsWinograd ? WinogradConvolution(self).scratchCount : 0,
      reversesToWinograd ? WinogradConvolution(reversed).scratchCount : 0)
  }
  var transformedKernelCount: Int {
    suitsWinograd || reversesToWinograd ? 16 * channels * filters : 0
  }

  /// Whether transformed tiles pay on the way back.
  var reversesToWinograd: Bool { isDense && reversed.suitsWinograd }

  /// The chunks of transformed tiles, in the direction that has more.
  var winogradChunks: Int {
    max(
      suitsWinograd ? WinogradConvolution(self).chunkCount : 0,
      reversesToWinograd ? WinogradConvolution(reversed).chunkCount : 0)
  }
}
