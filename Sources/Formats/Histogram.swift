/// How many of some values lie between which limits, for TensorBoard.
public struct Histogram: Sendable, Equatable {
  /// Of the finite values; 0 where there are none.
  public let minimum: Double
  public let maximum: Double
  public let sum: Double
  public let sumOfSquares: Double
  /// How many values are finite; the others, which have no place on an axis, are left out.
  public let count: Int
  /// The upper limit of each bucket, rising; the last is the largest finite number, as TensorBoard wants it.
  public let limits: [Double]
  /// How many values lie in each bucket: above the limit before it, at most its own.
  public let counts: [Int]

  /// Sorts values into `buckets` equally wide buckets between the least and the greatest.
  @specialized(where Number == Float)
  @specialized(where Number == Double)
  public init<Number: BinaryFloatingPoint>(
    of values: UnsafeBufferPointer<Number>, buckets: Int = 30
  ) {
    precondition(buckets > 0, "a histogram needs a bucket")
    let finite = values.lazy.filter(\.isFinite).map { Double($0) }
    var (minimum, maximum, sum, sumOfSquares) = (Double.infinity, -Double.infinity, 0.0, 0.0)
    var count = 0
    for value in finite {
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      sum += value
      sumOfSquares += value * value
      count += 1
    }
    if count == 0 { (minimum, maximum) = (0, 0) }
    // Halved first, for the distance of two finite numbers need not be finite.
    let width = (maximum / 2 - minimum / 2) / Double(buckets) * 2
    var counts = [Int](repeating: 0, count: buckets)
    for value in finite {
      let bucket = width > 0 ? ((value / 2 - minimum / 2) / (width / 2)).rounded(.up) - 1 : 0
      counts[min(max(Int(bucket), 0), buckets - 1)] += 1
    }
    self.minimum = minimum
    self.maximum = maximum
    self.sum = sum
    self.sumOfSquares = sumOfSquares
    self.count = count
    self.counts = counts
    limits =
      (1..<buckets).map { minimum + width * Double($0) } + [.greatestFiniteMagnitude]
  }
}
