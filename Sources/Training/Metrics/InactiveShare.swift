public import Settings
public import TensorCore

/// The share of activations whose absolute value is below a threshold.
public struct InactiveShare: Metric {
  public var threshold = 0.01

  public init() {}

  public static let type = "inactive_share"
  public static let manual = """
    The share of a layer's activations that are nearly zero, as of a sparse code.

    inactive_share = elements with |prediction| < threshold / all elements, over all rows. It compares with no target.
    """

  public static let better: Better? = .higher
  public static let comparesWithTarget = false

  public static var fields: [Field<Self>] {
    [.init("threshold", \.threshold, .above(0), "Below what an absolute value counts as nothing.")]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    guard prediction.rank >= 1 else {
      throw MetricError("\(Self.type) expects activations [N, ...], got \(prediction)")
    }
    return Accumulator(elements: prediction.dropFirst.count, threshold: Float(threshold))
  }

  private struct Accumulator: MetricAccumulator {
    /// In a sample.
    let elements: Int
    let threshold: Float
    var inactive = 0
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      for i in 0..<samples * elements where prediction[i].magnitude < threshold { inactive += 1 }
      count += samples * elements
    }

    func results() -> [MetricResult] {
      [MetricResult(InactiveShare.type, Double(inactive) / Double(count))]
    }
  }
}
