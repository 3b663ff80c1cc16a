public import Settings
public import TensorCore

/// y = (x - mean) / deviation, for each feature or channel
public struct Standardize: Transform {
  public var field = PlacedName("")
  public var mean: [Double]?
  public var deviation: [Double]?

  public init() {}

  public static let type = "standardize"
  public static let manual = """
    Gives each feature (each channel of an image) the mean 0 and the standard deviation 1.

    y = (x - mean) / deviation along the last axis. What is left out is computed from the training set, as it is at
    this place in the list of transforms and without random changes: the mean over all rows and positions, and the
    root of the mean squared difference from it (divided by N); 1 for a feature that never changes. A checkpoint holds
    the numbers.
    """
  public static let fields: [Field<Standardize>] = [
    Field("field", \.field, required: true, "the field to change").example("image"),
    Field(
      "mean", \.mean, Bounds("not empty", schema: [.init("minItems", 1)]) { !$0.isEmpty },
      "the mean of each feature or channel, or one for all; from the training set where left out"),
    Field(
      "deviation", \.deviation,
      Bounds("each above 0, not empty", schema: [.init("minItems", 1)]) {
        !$0.isEmpty && $0.allSatisfy { $0 > 0 }
      },
      "the standard deviation of each, or one for all; from the training set where left out"),
  ]

  public var contradiction: String? {
    (mean == nil) == (deviation == nil)
      ? nil : "\"mean\" and \"deviation\" go together: give both or neither"
  }

  public var isFitted: Bool { mean != nil }

  public func fitted(to dataset: any Dataset, field: Int) throws -> Standardize {
    if isFitted { return self }
    var fitted = self
    let extent = dataset.fields[field].shape.count
    let mean = try average(of: dataset, field: field) { sums, values in
      for i in 0..<extent { sums[i] += Double(values[i]) }
    }
    let means = Arena<Double>(count: extent)
    for i in 0..<extent { means.base[i] = mean[i % mean.count] }
    let variance = try average(of: dataset, field: field) { sums, values in
      for i in 0..<extent {
        let difference = Double(values[i]) - means.base[i]
        sums[i] += difference * difference
      }
    }
    fitted.mean = mean
    fitted.deviation = zip(variance, mean).map { variance, mean in
      // A feature that never changes shows the rounding of its mean, far below what a Float resolves.
      variance.squareRoot() > abs(mean) * 0x1p-26 ? variance.squareRoot() : 1
    }
    return fitted
  }

  public func columns(_ before: FieldColumns) -> FieldColumns? {
    guard let mean, let deviation else { return nil }
    // Either may be one for all where the other is not.
    let count = max(mean.count, deviation.count)
    return before.scaled(
      by: FeatureScale(
        mean: (0..<count).map { mean[$0 % mean.count] },
        deviation: (0..<count).map { deviation[$0 % deviation.count] }))
  }

  public func bound(to field: DataField, random: RandomStream) throws(Problems) -> BoundTransform {
    let channels = field.shape.last
    guard let mean, let deviation else {
      throw Problems(
        self.field.problem(
          "there is no training set to take the mean and deviation of \"\(field.name)\" from: "
            + "give \"mean\" and \"deviation\""))
    }
    for (key, values) in [("mean", mean), ("deviation", deviation)]
    where values.count != 1 && values.count != channels {
      throw Problems(
        self.field.problem(
          "expected one \"\(key)\" or \(channels), for \"\(field.name)\" has the shape "
            + "\(field.shape); got \(values.count)"))
    }
    let (means, factors) = (
      spread(mean, over: channels), spread(deviation.map { 1 / $0 }, over: channels)
    )
    let groups = channels == 0 ? 0 : field.shape.count / channels
    return BoundTransform(field) { values, _ in
      means.withUnsafeBufferPointer { means in
        factors.withUnsafeBufferPointer { factors in
          if channels == 1 {
            let (mean, factor) = (means[0], factors[0])
            for i in 0..<groups { values[i] = (values[i] - mean) * factor }
            return
          }
          for group in 0..<groups {
            let values = values + group * channels
            for i in 0..<channels { values[i] = (values[i] - means[i]) * factors[i] }
          }
        }
      }
    }
  }
}

private func spread(_ values: [Double], over channels: Int) -> [Float] {
  values.count == 1
    ? Array(repeating: Float(values[0]), count: channels) : values.map { Float($0) }
}

/// The average along the last axis of what `add` adds at each position of a row, over all positions and rows.
///
/// A sum for each position, and not for each channel at once, lets the additions of a row go side by side.
private func average(
  of dataset: any Dataset, field: Int,
  _ add: (UnsafeMutablePointer<Double>, UnsafePointer<Float>) -> Void
) throws -> [Double] {
  let shape = dataset.fields[field].shape
  let sums = Arena<Double>(count: shape.count)
  let row = Arena<Float>(count: shape.count)
  for index in 0..<dataset.count {
    try dataset.read(row: index, field: field, into: row.base)
    add(sums.base, row.base)
  }
  var averages = [Double](repeating: 0, count: shape.last)
  for position in 0..<shape.count { averages[position % shape.last] += sums.base[position] }
  let total = Double(max(1, dataset.count * shape.count / max(1, shape.last)))
  return averages.map { $0 / total }
}
