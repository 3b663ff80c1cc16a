import Foundation
public import Settings
public import TensorCore

/// The mean of 10 log₁₀(maximum² / MSE), in decibels.
public struct PSNR: Metric {
  public var maximum = 1.0

  public init() {}

  public static let type = "psnr"
  public static let manual = """
    The peak signal-to-noise ratio in decibels: how near images are to what they should be.

    psnr = mean over the rows of 10 log10(maximum^2 / MSE), MSE the mean of (prediction - target)^2 over a row.
    A row without any error makes it infinite.
    """

  public static let better: Better? = .higher

  public static var fields: [Field<Self>] {
    [.init("maximum", \.maximum, .above(0), "The largest value that a pixel can have.")]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    let peak = maximum * maximum
    return try RowErrorAccumulator(
      Self.type, prediction: prediction, target: target
    ) { squares, elements in
      10 * log10(peak * Double(elements) / squares)
    }
  }
}
