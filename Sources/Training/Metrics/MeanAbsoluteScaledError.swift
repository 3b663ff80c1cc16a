public import Settings
public import TensorCore

/// mean(|prediction - target|) / mean(|y[t] - y[t - season]|) of the past.
public struct MeanAbsoluteScaledError: Metric {
  public var season = 1

  public init() {}

  public static let type = "mean_absolute_scaled_error"
  public static let manual = """
    The mean of the absolute errors of a forecast relative to those of the seasonal naive forecast of the past (MASE).

    For a series y with L steps of past and H of future, its forecast f and a season of m steps:

    q = mean over future t of |f[t] - y[t]| / mean over past t >= m of |y[t] - y[t - m]|

    mean_absolute_scaled_error is the mean of q over all series: each column of each sample is one. Below 1 a forecast is
    better than the naive one is on the past. A series whose past repeats itself exactly has no q and does not count.
    Prediction [N, H] or [N, H, G]; target [N, L + H] or [N, L + H, G], past and future behind one another, as the
    "series_field" of the reader "series" is.
    Source: R. Hyndman, A. Koehler, "Another look at measures of forecast accuracy", International Journal of
    Forecasting, 2006.
    """

  public static let better: Better? = .lower

  public static var fields: [Field<Self>] {
    [
      .init(
        "season", \.season, .atLeast(1),
        "m: 1, or 24 for hours that are like those of the day before.")
    ]
  }

  public func accumulator(
    prediction: Shape, target: Shape, classNames: [String]
  ) throws(MetricError) -> any MetricAccumulator {
    guard 2...3 ~= prediction.rank, target.rank == prediction.rank,
      target.dimensions.dropFirst(2) == prediction.dimensions.dropFirst(2),
      target[1] - prediction[1] > season
    else {
      throw MetricError(
        "\(Self.type) of a prediction \(prediction) expects as a target more than \(season) steps of the "
          + "past and then as many as are foretold, got \(target)")
    }
    return Accumulator(
      past: target[1] - prediction[1], horizon: prediction[1],
      columns: prediction.rank == 3 ? prediction[2] : 1, season: season)
  }

  private struct Accumulator: MetricAccumulator {
    let past: Int
    let horizon: Int
    let columns: Int
    let season: Int
    var sum = 0.0
    var count = 0

    mutating func add(
      prediction: UnsafePointer<Float>, target: UnsafePointer<Float>, samples: Int
    ) throws(MetricError) {
      for sample in 0..<samples {
        for column in 0..<columns {
          func truth(_ step: Int) -> Double {
            Double(target[(sample * (past + horizon) + step) * columns + column])
          }
          var (naive, error) = (0.0, 0.0)
          for step in season..<past { naive += abs(truth(step) - truth(step - season)) }
          for step in 0..<horizon {
            let forecast = Double(prediction[(sample * horizon + step) * columns + column])
            error += abs(forecast - truth(past + step))
          }
          guard !naive.isNaN, !error.isNaN else {
            throw MetricError(
              "\(MeanAbsoluteScaledError.type): prediction or target is not a number (row \(sample) of "
                + "the batch)")
          }
          guard naive > 0 else { continue }
          sum += (error / Double(horizon)) / (naive / Double(past - season))
          count += 1
        }
      }
    }

    func results() -> [MetricResult] {
      [MetricResult(MeanAbsoluteScaledError.type, sum / Double(count))]
    }
  }
}
