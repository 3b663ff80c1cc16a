/// How the numbers of a field came of those of a file: y = (x - mean) / deviation for each feature of the last axis.
public struct FeatureScale: Hashable, Sendable {
  public let mean: [Double]
  public let deviation: [Double]

  public init(mean: [Double], deviation: [Double]) {
    precondition(mean.count == deviation.count, "a mean and a deviation for each feature")
    self.mean = mean
    self.deviation = deviation
  }

  /// This scale and then another: of z = (y - m) / d and y = (x - mean) / deviation follows
  /// x = mean + deviation m + deviation d z. Either may have one number for all features.
  func followed(by other: FeatureScale) -> FeatureScale {
    let features = 0..<max(mean.count, other.mean.count)
    let deviations = features.map { deviation[$0 % deviation.count] }
    return FeatureScale(
      mean: features.map {
        mean[$0 % mean.count] + deviations[$0] * other.mean[$0 % other.mean.count]
      },
      deviation: features.map { deviations[$0] * other.deviation[$0 % other.deviation.count] })
  }

  /// The mean of some numbers and the root of their mean squared difference from it (divided by N); 1 where they never
  /// change.
  static func moments(of values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count)).squareRoot()
    // What never changes shows the rounding of its mean, far below what a Float resolves.
    return (mean, deviation > abs(mean) * 0x1p-26 ? deviation : 1)
  }
}
