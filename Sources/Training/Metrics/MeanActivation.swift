public import Settings
public import TensorCore

/// The mean of each unit over all rows, and what of it does not fit.
public struct MeanActivation: Metric {
  public var expected: Double?

  public init() {}

  public static let type = "mean_activation"
  public static let manual = """
    The mean activation of a layer's units over all rows, as of a sparse code.

    m[u] = mean over n, ... of prediction[n, ..., u]; mean_activation = mean of m[u]; "mean_activation_lowest" and
    "mean_activation_highest" are those of single units. With the setting expected, rho,
    "mean_activation_deviation" is the largest of |m[u] - rho| / rho. It compares with no target.
    """

  public static let better: Better? = nil
  public static let comparesWithTarget = false

  public static var fields: [Field<Self>] {
    [
      .init(
        "expected", \.expected, .above(0), "rho, the mean activation that every unit should have.")
    ]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    guard prediction.rank >= 2 else {
      throw MetricError("\(Self.type) expects activations [N, ..., U], got \(prediction)")
    }
    return Accumulator(
      rows: prediction.dropFirst.dropLast.count, expected: expected,
      sums: Array(repeating: 0, count: prediction.last))
  }

  private struct Accumulator: MetricAccumulator {
    /// In a sample.
    let rows: Int
    let expected: Double?
    var sums: [Double]
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      for row in 0..<samples * rows {
        for unit in sums.indices { sums[unit] += Double(prediction[row * sums.count + unit]) }
      }
      count += samples * rows
    }

    func results() -> [MetricResult] {
      let means = sums.map { $0 / Double(count) }
      let type = MeanActivation.type
      let mean = means.reduce(0, +) / Double(means.count)
      var results = [
        MetricResult(type, mean), MetricResult("\(type)_lowest", means.min() ?? .nan),
        MetricResult("\(type)_highest", means.max() ?? .nan),
      ]
      if let expected {
        let deviations = means.map { abs($0 - expected) / expected }
        results.append(MetricResult("\(type)_deviation", deviations.max() ?? .nan))
      }
      return results
    }
  }
}
