import Testing

@testable import Formats

@Suite struct HistogramTests {
  func histogram(_ values: [Double], buckets: Int) -> Histogram {
    values.withUnsafeBufferPointer { Histogram(of: $0, buckets: buckets) }
  }

  @Test func valuesFallIntoTheBucketWhoseLimitTheyDoNotExceed() {
    let histogram = histogram([0, 1, 1.5, 2, 4, -.infinity, .nan], buckets: 4)
    #expect(histogram.limits == [1, 2, 3, .greatestFiniteMagnitude])
    #expect(histogram.counts == [2, 2, 0, 1])
    #expect(histogram.count == 5)
    #expect(histogram.minimum == 0)
    #expect(histogram.maximum == 4)
    #expect(histogram.sum == 8.5)
    #expect(histogram.sumOfSquares == 23.25)
  }

  @Test func equalValuesNoValuesAndTheWidestRange() {
    #expect(histogram([3, 3], buckets: 2).counts == [2, 0])
    #expect(histogram([.nan], buckets: 2).counts == [0, 0])
    #expect(histogram([], buckets: 1).limits == [.greatestFiniteMagnitude])
    let far = Double.greatestFiniteMagnitude
    #expect(histogram([-far, 0, far], buckets: 2).counts == [2, 1])
    #expect(histogram([0, .leastNonzeroMagnitude], buckets: 30).counts.reduce(0, +) == 2)
  }

  @Test func floatsAreCountedAsDoubles() {
    let values: [Float] = [0.5, 1]
    #expect(
      values.withUnsafeBufferPointer { Histogram(of: $0, buckets: 3) }
        == histogram([0.5, 1], buckets: 3))
  }
}
