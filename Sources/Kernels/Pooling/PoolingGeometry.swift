/// Where the windows of a pooling lie on images [N, H, W, C].
public struct PoolingGeometry: Sendable {
  public var batch: Int
  public var inputHeight: Int
  public var inputWidth: Int
  public var channels: Int
  public var windowHeight: Int
  public var windowWidth: Int
  public var strideHeight: Int
  public var strideWidth: Int
  /// Rows and columns outside the image that the first windows reach into.
  public var paddingTop: Int
  public var paddingLeft: Int
  public var outputHeight: Int
  public var outputWidth: Int

  public init(
    batch: Int, inputHeight: Int, inputWidth: Int, channels: Int, windowHeight: Int,
    windowWidth: Int, strideHeight: Int, strideWidth: Int, paddingTop: Int, paddingLeft: Int,
    outputHeight: Int, outputWidth: Int
  ) {
    self.batch = batch
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.channels = channels
    self.windowHeight = windowHeight
    self.windowWidth = windowWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  var inputCount: Int { inputHeight * inputWidth * channels }
  var outputCount: Int { outputHeight * outputWidth * channels }
  /// Images a chunk, so that a chunk is worth handing over.
  var chunks: Chunks { Chunks(rows: batch, of: inputCount) }

  /// The rows of the image that the windows of an output row cover.
  @inline(__always)
  func rows(_ output: Int) -> Range<Int> {
    let first = output * strideHeight - paddingTop
    return max(0, first)..<max(0, min(inputHeight, first + windowHeight))
  }

  /// The columns of the image that the windows of an output column cover.
  @inline(__always)
  func columns(_ output: Int) -> Range<Int> {
    let first = output * strideWidth - paddingLeft
    return max(0, first)..<max(0, min(inputWidth, first + windowWidth))
  }

  /// Whether the windows are 2 x 2, side by side, and begin at the corner: then a row of them covers two rows whole.
  public var isPlain2x2: Bool {
    windowHeight == 2 && windowWidth == 2 && strideHeight == 2 && strideWidth == 2
      && paddingTop == 0 && paddingLeft == 0 && 2 * outputHeight <= inputHeight
      && 2 * outputWidth <= inputWidth
  }

  /// Calls `body` with every row of plain 2 x 2 windows and the two rows of an image's gradient that it covers; zeroes the
  /// last row and column where no window reaches them.
  @inline(__always)
  func forEachPlainRow(
    of dx: UnsafeMutablePointer<Float>,
    _ body: (
      _ row: Int, _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let (inputRow, covered) = (inputWidth * channels, 2 * outputWidth * channels)
    for row in 0..<outputHeight {
      let (first, second) = (dx + 2 * row * inputRow, dx + (2 * row + 1) * inputRow)
      body(row, first, second)
      (first + covered).update(repeating: 0, count: inputRow - covered)
      (second + covered).update(repeating: 0, count: inputRow - covered)
    }
    let rows = 2 * outputHeight
    (dx + rows * inputRow).update(repeating: 0, count: (inputHeight - rows) * inputRow)
  }

  /// Calls `body` with every output pixel of one image: its offset in the output.
  @inline(__always)
  func forEachOutput(_ body: (_ row: Int, _ column: Int, _ output: Int) -> Void) {
    for row in 0..<outputHeight {
      for column in 0..<outputWidth {
        body(row, column, (row * outputWidth + column) * channels)
      }
    }
  }

  /// Calls `body` with every pixel of the image in the window of an output: its number in the window and its offset.
  @inline(__always)
  func forEachTap(
    row: Int, column: Int, _ body: (_ tap: Int, _ input: Int) -> Void
  ) {
    let (firstRow, firstColumn) = (
      row * strideHeight - paddingTop, column * strideWidth - paddingLeft
    )
    for y in rows(row) {
      for x in columns(column) {
        body(
          (y - firstRow) * windowWidth + x - firstColumn, (y * inputWidth + x) * channels)
      }
    }
  }
}
