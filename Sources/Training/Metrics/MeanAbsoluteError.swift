public import Settings
public import TensorCore

/// mean(|prediction - target|).
public struct MeanAbsoluteError: Metric {
  public init() {}

  public static let type = "mean_absolute_error"
  public static let manual = """
    The mean of the absolute differences.

    mean_absolute_error = mean(|prediction - target|),
    over all elements of all samples, summed in double precision in their order.
    """

  public static let better: Better? = .lower

  public static var fields: [Field<Self>] { [] }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    try DifferenceAccumulator(Self.type, prediction: prediction, target: target) { difference in
      difference.magnitude
    }
  }
}
