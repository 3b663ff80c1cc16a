import CSIMD

/// Where the windows of a convolution lie: images [N, H, W, C], a kernel [KH, KW, C, F], outputs [N, OH, OW, F].
///
/// Window (oy, ox) begins at row oy · strideHeight - paddingTop and takes every dilationHeight-th row, columns alike.
public struct ConvolutionGeometry: Sendable {
  public var batch: Int
  public var inputHeight: Int
  public var inputWidth: Int
  public var channels: Int
  public var filters: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var strideHeight: Int
  public var strideWidth: Int
  public var dilationHeight: Int
  public var dilationWidth: Int
  public var paddingTop: Int
  public var paddingLeft: Int
  public var outputHeight: Int
  public var outputWidth: Int

  public init(
    batch: Int, inputHeight: Int, inputWidth: Int, channels: Int, filters: Int, kernelHeight: Int,
    kernelWidth: Int, strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1,
    dilationWidth: Int = 1, paddingTop: Int = 0, paddingLeft: Int = 0, outputHeight: Int,
    outputWidth: Int
  ) {
    self.batch = batch
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.channels = channels
    self.filters = filters
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.dilationHeight = dilationHeight
    self.dilationWidth = dilationWidth
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  /// Scalars of one input image, one output image and one window.
  var inputCount: Int { inputHeight * inputWidth * channels }
  var outputCount: Int { outputHeight * outputWidth * filters }
  var windowCount: Int { kernelHeight * kernelWidth * channels }

  /// Whether every window is one pixel and every pixel a window, so that the image is its own matrix of windows.
  var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && strideHeight == 1 && strideWidth == 1
      && paddingTop == 0 && paddingLeft == 0 && outputHeight == inputHeight
      && outputWidth == inputWidth
  }

  /// Images a chunk where sums are over images: enough work to hand over, at most `Chunks.mostParts` chunks.
  var chunks: Chunks {
    let work = max(1, outputCount * windowCount)
    return Chunks(of: batch, atLeast: max(1, ProductTiles.work / work), most: Chunks.mostParts)
  }

  /// Multiply-adds that make a chunk worth handing over where nothing is summed chunk by chunk: ten microseconds and more.
  static let workOfChunk = 1_000_000
  /// Pixels of outputs that fill most of the tiles of registers of a product.
  private static let pixelsOfChunk = 112

  /// Images a chunk where every image is by itself.
  var imageChunks: Chunks {
    let pixels = max(1, outputHeight * outputWidth)
    // A few filters take as long as a vector of them.
    let images = Self.workOfChunk / max(1, pixels * windowCount) / max(16, filters)
    let grain = max(images, Self.pixelsOfChunk / pixels)
    return Chunks(sharing: batch, atLeast: min(grain, chunks.length))
  }

  /// How many blocks there is scratch memory for: one for each chunk that sums, or a few where only others are many.
  var blocksAtOnce: Int {
    max(chunks.count, min(Chunks.mostParts / 2, max(winogradChunks, imageChunks.count)))
  }

  /// Scalars of a block of windows that stay in the second-level cache beside what they are multiplied with.
  private static let blockCount = 96 * 1024

  /// Output rows whose windows make a block; they may be of several images.
  var blockRows: Int {
    let rows = max(1, Self.blockCount / max(1, outputWidth * windowCount))
    return min(rows, outputHeight * chunks.length)
  }

  /// Scalars of the windows of a block, or of the frames of images that are convolved where they lie.
  var blockScratch: Int {
    isPointwise ? 0 : max(frameScratch, winogradScratch, blockRows * outputWidth * windowCount)
  }

  var windows: csimd_windows {
    csimd_windows(
      input_height: Int64(inputHeight), input_width: Int64(inputWidth),
      channels: Int64(channels), kernel_height: Int64(kernelHeight),
      kernel_width: Int64(kernelWidth), stride_height: Int64(strideHeight),
      stride_width: Int64(strideWidth), dilation_height: Int64(dilationHeight),
      dilation_width: Int64(dilationWidth), padding_top: Int64(paddingTop),
      padding_left: Int64(paddingLeft), output_width: Int64(outputWidth))
  }

  /// Calls `body` with the blocks of some images: output rows counted through all images of the batch.
  @inline(__always)
  func forEachBlock(of images: Range<Int>, _ body: (Range<Int>) -> Void) {
    let end = images.upperBound * outputHeight
    var first = images.lowerBound * outputHeight
    while first < end {
      let last = min(end, first + blockRows)
      body(first..<last)
      first = last
    }
  }

  /// Calls `body` with the parts of a block that lie in one image: the image, its rows, and their place in the block.
  @inline(__always)
  func forEachImage(
    in block: Range<Int>, _ body: (_ image: Int, _ rows: Range<Int>, _ offset: Int) -> Void
  ) {
    var first = block.lowerBound
    while first < block.upperBound {
      let image = first / outputHeight
      let last = min(block.upperBound, (image + 1) * outputHeight)
      let start = image * outputHeight
      body(image, first - start..<last - start, first - block.lowerBound)
      first = last
    }
  }
}
