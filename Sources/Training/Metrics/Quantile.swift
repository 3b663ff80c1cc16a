public import Settings
public import TensorCore

/// The number below which a share of all predicted numbers lies.
public struct Quantile: Metric {
  public var probability = 0.5

  public init() {}

  public static let type = "quantile"
  public static let manual = """
    The number below which a share of all predicted numbers lies, such as of scores.

    With the n numbers of all rows sorted, x_0 <= ... <= x_(n-1), and h = (n - 1) probability, the quantile is
    x_i + (h - i) (x_(i+1) - x_i) for i = floor(h) (type 7 of Hyndman and Fan 1996, as NumPy). Of the scores of validation
    rows that are all normal it is a threshold for other metrics on the test data, with a share of 1 - probability of
    false alarms: {"type": "f1", "threshold": "quantile", "from_logits": false}. It keeps 4 bytes a number until the end.
    """

  public static let better: Better? = nil
  public static let comparesWithTarget = false

  public static var fields: [Field<Self>] {
    [
      .init(
        "probability", \.probability, .within(0...1), "The share, from 0 to 1; 0.5 is the median.")
    ]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    guard prediction.rank >= 1 else {
      throw MetricError("\(Self.type) expects numbers [N, ...], got \(prediction)")
    }
    return Accumulator(elements: prediction.dropFirst.count, probability: probability)
  }

  private struct Accumulator: MetricAccumulator {
    /// In a sample.
    let elements: Int
    let probability: Double
    var values: [Float] = []

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      for i in 0..<samples * elements {
        guard !prediction[i].isNaN else {
          throw MetricError("a prediction is not a number (element \(i) of the batch)")
        }
        values.append(prediction[i])
      }
    }

    func results() -> [MetricResult] { [MetricResult(Quantile.type, quantile)] }

    private var quantile: Double {
      guard !values.isEmpty else { return .nan }
      let sorted = values.sorted()
      let position = Double(sorted.count - 1) * probability
      let index = min(Int(position), max(0, sorted.count - 2))
      let (low, high) = (Double(sorted[index]), Double(sorted[min(index + 1, sorted.count - 1)]))
      let share = position - Double(index)
      // Infinite numbers have no difference.
      return share == 0 || low == high ? low : low + share * (high - low)
    }
  }
}
