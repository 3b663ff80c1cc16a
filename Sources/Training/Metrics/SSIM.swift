import Foundation
public import Settings
public import TensorCore

/// The structural similarity of images, by windows with Gaussian weights.
public struct SSIM: Metric {
  public var maximum = 1.0

  public init() {}

  public static let type = "ssim"
  public static let manual = """
    The structural similarity of images: 1 for equal ones.

    ssim(x, y) = (2 m_x m_y + C1) (2 c_xy + C2) / ((m_x^2 + m_y^2 + C1) (v_x + v_y + C2)),
    m means, v variances and c covariances in a window of 11 x 11 pixels with Gaussian weights of standard deviation
    1.5; C1 = (0.01 maximum)^2, C2 = (0.03 maximum)^2. Averaged over all places where the window lies within the
    image, over channels and rows. Inputs [N, H, W, C] or [N, H, W], H and W at least 11.
    Source: Z. Wang, A. Bovik, H. Sheikh, E. Simoncelli, "Image quality assessment: from error visibility to
    structural similarity", IEEE Transactions on Image Processing, 2004.
    """

  public static let better: Better? = .higher

  public static var fields: [Field<Self>] {
    [.init("maximum", \.maximum, .above(0), "The largest value that a pixel can have.")]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    try DifferenceAccumulator.check(Self.type, prediction: prediction, target: target)
    guard 3...4 ~= prediction.rank, prediction[1] >= SimilarityWindow.size,
      prediction[2] >= SimilarityWindow.size
    else {
      throw MetricError(
        "\(Self.type) expects images [N, H, W, C] of at least \(SimilarityWindow.size) x "
          + "\(SimilarityWindow.size), got \(prediction)")
    }
    return Accumulator(
      height: prediction[1], width: prediction[2],
      channels: prediction.rank == 4 ? prediction[3] : 1, maximum: maximum)
  }

  private struct Accumulator: MetricAccumulator {
    let height: Int
    let width: Int
    let channels: Int
    let maximum: Double
    var sum = 0.0
    var samples = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      let count = height * width * channels
      for row in 0..<samples {
        var similarity = 0.0
        for channel in 0..<channels {
          let places = stride(from: row * count + channel, to: (row + 1) * count, by: channels)
          similarity += mean(
            places.map { Double(prediction[$0]) }, places.map { Double(target[$0]) })
        }
        guard !similarity.isNaN else {
          throw MetricError(
            "\(SSIM.type): prediction or target is not a number (row \(row) of the batch)")
        }
        sum += similarity / Double(channels)
      }
      self.samples += samples
    }

    /// The mean over one channel of one image.
    private func mean(_ x: [Double], _ y: [Double]) -> Double {
      func blur(_ values: [Double]) -> [Double] {
        SimilarityWindow.means(of: values, height: height, width: width)
      }
      let (meanX, meanY) = (blur(x), blur(y))
      let (squareX, squareY) = (blur(x.map { $0 * $0 }), blur(y.map { $0 * $0 }))
      let product = blur(zip(x, y).map(*))
      let c1 = (0.01 * maximum) * (0.01 * maximum)
      let c2 = (0.03 * maximum) * (0.03 * maximum)
      var sum = 0.0
      for i in meanX.indices {
        let (mx, my) = (meanX[i], meanY[i])
        let (vx, vy) = (squareX[i] - mx * mx, squareY[i] - my * my)
        let covariance = product[i] - mx * my
        sum +=
          (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
      }
      return sum / Double(meanX.count)
    }

    func results() -> [MetricResult] { [MetricResult(SSIM.type, sum / Double(samples))] }
  }
}

/// The window of the structural similarity: 11 x 11 Gaussian weights that sum to 1.
private enum SimilarityWindow {
  static let size = 11
  private static let weights: [Double] = {
    let powers = (0..<size).map { i -> Double in
      let distance = Double(i - size / 2) / 1.5
      return exp(-distance * distance / 2)
    }
    return powers.map { $0 / powers.reduce(0, +) }
  }()

  /// The weighted means at all places where the window lies within the image: first along rows, then along columns.
  static func means(of image: [Double], height: Int, width: Int) -> [Double] {
    let (rows, columns) = (height - size + 1, width - size + 1)
    var narrow = [Double](repeating: 0, count: height * columns)
    for row in 0..<height {
      for column in 0..<columns {
        var sum = 0.0
        for i in 0..<size { sum += weights[i] * image[row * width + column + i] }
        narrow[row * columns + column] = sum
      }
    }
    var means = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        for i in 0..<size { sum += weights[i] * narrow[(row + i) * columns + column] }
        means[row * columns + column] = sum
      }
    }
    return means
  }
}
