import CSIMD

/// Convolution in tiles of registers, on the images where they lie: no window is laid out.
///
/// A pixel's channels are contiguous, so the taps of one kernel row are one run of memory, and the windows of an output
/// row are such runs at equal distances. Only images with padding are copied, each once, into a frame of zeros.
struct TiledConvolution {
  typealias Source = UnsafePointer<Float>
  typealias Destination = UnsafeMutablePointer<Float>

  private let g: ConvolutionGeometry
  /// Scalars between the starts of two rows of a (framed) image.
  private let pitch: Int
  /// Scalars between the starts of two (framed) images.
  private let imageStep: Int

  init(_ geometry: ConvolutionGeometry) {
    g = geometry
    pitch = (g.isFramed ? g.frameWidth : g.inputWidth) * g.channels
    imageStep = g.isFramed ? g.frameCount : g.inputCount
  }

  /// y of some images, or y += that.
  func forward(
    _ x: Source, kernel: Source, bias: Source?, into y: Destination, accumulate: Bool,
    images: Range<Int>, frame: Destination
  ) {
    for image in images {
      let source = framed(x, images: image..<image + 1, in: frame)
      for row in 0..<g.outputHeight {
        var windows = operand(source + row * g.strideHeight * pitch)
        windows.row_step = Int64(g.strideWidth * g.channels)
        windows.outer = Int64(g.kernelHeight)
        windows.outer_step = Int64(g.dilationHeight * pitch)
        windows.inner = Int64(runs)
        windows.inner_step = Int64(g.dilationWidth * g.channels)
        windows.length = Int64(run)
        let output = y + (image * g.outputHeight + row) * g.outputWidth * g.filters
        VectorKernels.current.tiles.tiles(
          &windows, kernel, Int64(g.filters), Int64(g.outputWidth), Int64(g.filters), 1, accumulate,
          bias, output, Int64(g.filters))
      }
    }
  }

  /// The kernel's gradient of some images.
  func kernelGradient(
    _ x: Source, _ dy: Source, into sums: Destination, images: Range<Int>, frame: Destination
  ) {
    for first in stride(from: images.lowerBound, to: images.upperBound, by: g.imagesAtOnce) {
      let group = first..<min(images.upperBound, first + g.imagesAtOnce)
      let source = framed(x, images: group, in: frame)
      for ky in 0..<g.kernelHeight {
        for kx in 0..<runs {
          // The inner index is the output pixel: its tap in the image, and its row of dy.
          var pixels = operand(
            source + ky * g.dilationHeight * pitch + kx * g.dilationWidth * g.channels)
          pixels.outer = Int64(group.count)
          pixels.outer_step = Int64(imageStep)
          pixels.inner = Int64(g.outputHeight)
          pixels.inner_step = Int64(g.strideHeight * pitch)
          pixels.length = Int64(g.outputWidth)
          pixels.step = Int64(g.strideWidth * g.channels)
          VectorKernels.current.tiles.tiles(
            &pixels, dy + first * g.outputCount, Int64(g.filters), Int64(run), Int64(g.filters),
            1, first > images.lowerBound, nil,
            sums + (ky * g.kernelWidth + kx) * g.channels * g.filters, Int64(g.filters))
        }
      }
    }
  }

  /// dx of some images where no window is skipped (strides and dilation 1), or dx += that.
  ///
  /// Every pixel of a row sums over the windows that it lies in: runs of dy, turned round, in a frame of zeros.
  ///
  /// - Parameter turned: the kernel with its columns turned round and each tap as [F, C].
  func inputGradient(
    _ dy: Source, turned: Source, into dx: Destination, accumulate: Bool, images: Range<Int>,
    frame: Destination
  ) {
    let pitch = g.gradientFrameWidth * g.filters
    for image in images {
      frameGradient(dy + image * g.outputCount, in: frame)
      for row in 0..<g.inputHeight {
        let first = max(0, row + g.paddingTop - g.outputHeight + 1)
        let last = min(g.kernelHeight - 1, row + g.paddingTop)
        var windows = operand(Source(frame) + (row + g.paddingTop - first) * pitch)
        windows.row_step = Int64(g.filters)
        windows.outer = Int64(max(0, last - first + 1))
        windows.outer_step = Int64(-pitch)
        windows.length = Int64(g.kernelWidth * g.filters)
        VectorKernels.current.tiles.tiles(
          &windows, turned + first * g.kernelWidth * g.channels * g.filters, Int64(g.channels),
          Int64(g.inputWidth), Int64(g.channels), 1, accumulate, nil,
          dx + (image * g.inputHeight + row) * g.inputWidth * g.channels, Int64(g.channels))
      }
    }
  }

  /// dx of some images, or dx += that, for any strides: each output pixel adds to the pixels of its window.
  ///
  /// - Parameter turned: the kernel with its columns turned round and each tap as [F, C].
  func scatterGradient(
    _ dy: Source, turned: Source, into dx: Destination, accumulate: Bool, images: Range<Int>
  ) {
    for image in images {
      if !accumulate { (dx + image * g.inputCount).update(repeating: 0, count: g.inputCount) }
      for row in 0..<g.outputHeight {
        let line = dy + (image * g.outputHeight + row) * g.outputWidth * g.filters
        for ky in 0..<g.kernelHeight {
          let y = row * g.strideHeight - g.paddingTop + ky * g.dilationHeight
          if y < 0 || y >= g.inputHeight { continue }
          for kx in 0..<g.kernelWidth {
            let shift = kx * g.dilationWidth - g.paddingLeft
            let columns = outputColumns(shift)
            if columns.isEmpty { continue }
            var pixels = operand(line + columns.lowerBound * g.filters)
            pixels.row_step = Int64(g.filters)
            pixels.length = Int64(g.filters)
            let column = columns.lowerBound * g.strideWidth + shift
            let tap = (ky + 1) * g.kernelWidth - 1 - kx
            VectorKernels.current.tiles.tiles(
              &pixels, turned + tap * g.channels * g.filters, Int64(g.channels),
              Int64(columns.count), Int64(g.channels), 1, true, nil,
              dx + ((image * g.inputHeight + y) * g.inputWidth + column) * g.channels,
              Int64(g.strideWidth * g.channels))
          }
        }
      }
    }
  }

  /// Turns the kernel [C, F] of one tap into [F, C], in the place of the tap opposite in its row.
  func turn(_ kernel: Source, tap: Int, into turned: Destination) {
    let opposite = (2 * (tap / g.kernelWidth) + 1) * g.kernelWidth - 1 - tap
    let (from, to) = (tap * g.channels * g.filters, opposite * g.channels * g.filters)
    for filter in 0..<g.filters {
      for channel in 0..<g.channels {
        turned[to + filter * g.channels + channel] = kernel[from + channel * g.filters + filter]
      }
    }
  }

  /// Copies the gradient of an image between columns of zeros: column j holds output j + paddingLeft + 1 - KW.
  private func frameGradient(_ dy: Source, in frame: Destination) {
    let pitch = g.gradientFrameWidth * g.filters
    let left = max(0, g.kernelWidth - 1 - g.paddingLeft)
    let skipped = max(0, g.paddingLeft + 1 - g.kernelWidth)
    let columns = max(0, min(g.outputWidth - skipped, g.gradientFrameWidth - left))
    for row in 0..<g.outputHeight {
      let line = frame + row * pitch
      line.update(repeating: 0, count: left * g.filters)
      (line + left * g.filters).update(
        from: dy + (row * g.outputWidth + skipped) * g.filters, count: columns * g.filters)
      (line + (left + columns) * g.filters).update(
        repeating: 0, count: pitch - (left + columns) * g.filters)
    }
  }

  /// The taps of a kernel row are one run of memory unless they are dilated.
  private var runs: Int { g.dilationWidth == 1 ? 1 : g.kernelWidth }
  private var run: Int { g.dilationWidth == 1 ? g.kernelWidth * g.channels : g.channels }

  /// The output columns whose pixel at this shift lies in the image.
  private func outputColumns(_ shift: Int) -> Range<Int> {
    let first = shift >= 0 ? 0 : (-shift + g.strideWidth - 1) / g.strideWidth
    let last = (g.inputWidth - 1 - shift) / g.strideWidth
    return g.inputWidth <= shift || last < first
      ? 0..<0 : first..<min(g.outputWidth, last + 1)
  }

  private func operand(_ a: Source) -> csimd_operand {
    csimd_operand(
      a: a, row_step: 1, outer: 1, outer_step: 0, inner: 1, inner_step: 0, length: 0, step: 1)
  }

  /// Where the images lie that windows are read from: in place, or copied into a frame of zeros.
  private func framed(_ x: Source, images: Range<Int>, in frame: Destination) -> Source {
    guard g.isFramed else { return x + images.lowerBound * imageStep }
    let columns = max(0, min(g.inputWidth, g.frameWidth - g.paddingLeft)) * g.channels
    let left = min(g.paddingLeft, g.frameWidth) * g.channels
    for image in images {
      let target = frame + (image - images.lowerBound) * imageStep
      for row in 0..<g.frameHeight {
        let line = target + row * pitch
        let y = row - g.paddingTop
        if y < 0 || y >= g.inputHeight {
          line.update(repeating: 0, count: pitch)
          continue
        }
        line.update(repeating: 0, count: left)
        (line + left).update(
          from: x + image * g.inputCount + y * g.inputWidth * g.channels, count: columns)
        (line + left + columns).update(repeating: 0, count: pitch - left - columns)
      }
    }
    return Source(frame)
  }
}

extension ConvolutionGeometry {
  /// The rows and columns that windows reach over.
  var frameHeight: Int {
    (outputHeight - 1) * strideHeight + (kernelHeight - 1) * dilationHeight + 1
  }
  var frameWidth: Int { (outputWidth - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1 }
  var frameCount: Int { frameHeight * frameWidth * channels }

  /// Whether windows reach beyond the image.
  var isFramed: Bool {
    paddingTop > 0 || paddingLeft > 0 || frameHeight > inputHeight || frameWidth > inputWidth
  }

  /// Images whose kernel gradient is summed in registers at one go: one or few, so that most of what their tiles read
  /// again stays in the first-level cache.
  var imagesAtOnce: Int {
    max(1, min(chunks.length, 24_576 / max(1, inputCount + outputCount)))
  }

  /// Whether every pixel's windows lie side by side.
  var isDense: Bool {
    strideHeight == 1 && strideWidth == 1 && dilationHeight == 1 && dilationWidth == 1
  }

  /// The columns of the framed gradient of a dense convolution.
  var gradientFrameWidth: Int { inputWidth + kernelWidth - 1 }

  /// Scalars that the frames of a chunk take.
  var frameScratch: Int {
    max(
      isFramed ? imagesAtOnce * frameCount : 0,
      isDense ? outputHeight * gradientFrameWidth * filters : 0)
  }

  /// Whether an output row fills a tile of registers; windows of shorter rows are better laid out together.
  var hasLongRows: Bool { outputWidth >= 6 && !isPointwise }
}
