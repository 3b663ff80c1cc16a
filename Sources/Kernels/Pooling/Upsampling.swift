public import TensorCore

/// Larger images: every pixel becomes `heightFactor` x `widthFactor` ones.
///
/// Pixels are squares, and each new one takes its value at its own centre, as in Keras and PyTorch (without aligned
/// corners). Chunks are images.
public struct Upsampling: Sendable {
  /// How a new pixel comes from old ones.
  public enum Interpolation: Sendable {
    /// From the one that it lies in.
    case nearest
    /// From the four around its centre, by their distance.
    case bilinear
  }

  private let batch: Int
  private let height: Int
  private let width: Int
  private let channels: Int
  private let heightFactor: Int
  private let widthFactor: Int
  private let interpolation: Interpolation

  /// For images [batch, height, width, channels], the smaller ones.
  public init(
    batch: Int, height: Int, width: Int, channels: Int, heightFactor: Int, widthFactor: Int,
    interpolation: Interpolation
  ) {
    (self.batch, self.height, self.width, self.channels) = (batch, height, width, channels)
    (self.heightFactor, self.widthFactor) = (heightFactor, widthFactor)
    self.interpolation = interpolation
  }

  /// What one new row or column comes from: (1 - share) times the lower plus share times the upper.
  private struct Source {
    var lower: Int
    var upper: Int
    var share: Double
  }

  private func source(_ index: Int, factor: Int, extent: Int) -> Source {
    switch interpolation {
    case .nearest: return Source(lower: index / factor, upper: index / factor, share: 0)
    case .bilinear:
      // The centre of the new pixel, on the scale of the old ones' centres.
      let place = max(0, (Double(index) + 0.5) / Double(factor) - 0.5)
      let lower = min(extent - 1, Int(place))
      return Source(
        lower: lower, upper: min(extent - 1, lower + 1), share: place - Double(lower))
    }
  }

  private var chunks: Chunks { Chunks(rows: batch, of: outputCount) }
  private var inputCount: Int { height * width * channels }
  private var outputCount: Int { inputCount * heightFactor * widthFactor }

  /// Calls `body` for all pixels of one new image with their offset, and with each of up to four old pixels that they
  /// come from and its weight.
  @inline(__always)
  private func forEachTap(_ body: (_ output: Int, _ input: Int, _ weight: Double) -> Void) {
    var output = 0
    for y in 0..<height * heightFactor {
      let row = source(y, factor: heightFactor, extent: height)
      for x in 0..<width * widthFactor {
        let column = source(x, factor: widthFactor, extent: width)
        @inline(__always)
        func tap(_ y: Int, _ x: Int, _ weight: Double) {
          if weight > 0 { body(output, (y * width + x) * channels, weight) }
        }
        tap(row.lower, column.lower, (1 - row.share) * (1 - column.share))
        tap(row.lower, column.upper, (1 - row.share) * column.share)
        tap(row.upper, column.lower, row.share * (1 - column.share))
        tap(row.upper, column.upper, row.share * column.share)
        output += channels
      }
    }
  }

  /// The larger images.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func forward<S: Scalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, pool: WorkerPool
  ) {
    pool.run(chunks) { images in
      for image in images {
        let (x, y) = (x + image * inputCount, y + image * outputCount)
        y.update(repeating: 0, count: outputCount)
        forEachTap { output, input, weight in
          let weight = S(weight)
          for c in 0..<channels { y[output + c] += weight * x[input + c] }
        }
      }
    }
  }

  /// The gradient of the smaller images, or that added to it.
  @specialized(where S == Float)
  @specialized(where S == Double)
  public func backward<S: Scalar>(
    _ dy: UnsafePointer<S>, into dx: UnsafeMutablePointer<S>, accumulate: Bool, pool: WorkerPool
  ) {
    pool.run(chunks) { images in
      for image in images {
        let (dy, dx) = (dy + image * outputCount, dx + image * inputCount)
        if !accumulate { dx.update(repeating: 0, count: inputCount) }
        forEachTap { output, input, weight in
          let weight = S(weight)
          for c in 0..<channels { dx[input + c] += weight * dy[output + c] }
        }
      }
    }
  }
}
