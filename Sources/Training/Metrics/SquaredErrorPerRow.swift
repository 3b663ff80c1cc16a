public import Settings
public import TensorCore

/// Σ (prediction - target)² / N.
public struct SquaredErrorPerRow: Metric {
  public init() {}

  public static let type = "squared_error_per_row"
  public static let manual = """
    The sum of the squared differences of a row, averaged over the rows: the reconstruction error of an image.

    squared_error_per_row = sum of (prediction - target)^2 / N for N rows, summed in double precision.
    """

  public static let better: Better? = .lower

  public static var fields: [Field<Self>] { [] }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    try RowErrorAccumulator(Self.type, prediction: prediction, target: target) { squares, _ in
      squares
    }
  }
}
