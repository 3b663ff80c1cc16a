public import Settings
public import TensorCore

/// mean((prediction - target)^2).
public struct MeanSquaredError: Metric {
  public init() {}

  public static let type = "mean_squared_error"
  public static let manual = """
    The mean of the squared differences.

    mean_squared_error = mean((prediction - target)^2),
    over all elements of all samples, summed in double precision in their order.
    """

  public static let better: Better? = .lower

  public static var fields: [Field<Self>] { [] }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    try DifferenceAccumulator(Self.type, prediction: prediction, target: target) { difference in
      difference * difference
    }
  }
}
