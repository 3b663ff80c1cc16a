/// One column of a file of series, on the scale that a network sees.
struct SeriesColumn {
  let values: [Float]
  let mean: Double
  let deviation: Double

  /// - Parameters:
  ///   - rows: those whose mean and deviation are taken where none are given.
  ///   - standardizes: whether they are used; else the numbers stay as they are.
  init(
    _ numbers: [Double], rows: Range<Int>, standardizes: Bool, mean: Double?, deviation: Double?
  ) {
    let (mean, deviation): (Double, Double) =
      switch (standardizes, mean, deviation) {
      case (false, _, _): (0, 1)
      case (true, let mean?, let deviation?): (mean, deviation)
      default: FeatureScale.moments(of: Array(numbers[rows]))
      }
    values = numbers.map { Float(($0 - mean) / deviation) }
    (self.mean, self.deviation) = (mean, deviation)
  }
}
