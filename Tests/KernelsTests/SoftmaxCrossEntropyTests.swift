import Kernels
import TensorCore
import Testing

@Suite struct SoftmaxCrossEntropyTests {
  private let pool = WorkerPool(threads: 2)

  /// The definition, in Double: losses and gradients.
  private func definition(
    _ x: [Double], _ p: [Double], columns: Int, smoothing: Double, weights: [Double]?
  ) -> (losses: [Double], gradient: [Double]) {
    var losses: [Double] = []
    var gradient: [Double] = []
    for row in 0..<x.count / columns {
      let range = row * columns..<(row + 1) * columns
      let top = x[range].max() ?? 0
      let logarithm = top + .log(x[range].reduce(0) { $0 + .exp($1 - top) })
      let q = range.map {
        (weights?[$0 - range.lowerBound] ?? 1)
          * ((1 - smoothing) * p[$0] + smoothing / Double(columns))
      }
      losses.append(zip(q, range).reduce(0) { $0 + $1.0 * (logarithm - x[$1.1]) })
      let total = q.reduce(0, +)
      gradient += zip(q, range).map { total * .exp(x[$1] - logarithm) - $0 }
    }
    return (losses, gradient)
  }

  @Test(arguments: SoftmaxTests.sizes, [0, 0.1])
  func agreesWithTheDefinition(size: (rows: Int, columns: Int), smoothing: Double) {
    let (rows, columns) = size
    let count = rows * columns
    let x = normals(count, scale: 4).map { $0 + 30 }
    let labels = (0..<rows).map { Double($0 * 7 % columns) }
    let hot = (0..<count).map { labels[$0 / columns] == Double($0 % columns) ? 1.0 : 0 }
    // Rows that sum to 1, some of whose classes are not expected at all.
    let raw = normals(count, "p").map { max($0, 0) }
    let distribution = (0..<count).map { i in
      let row = raw[i / columns * columns..<(i / columns + 1) * columns]
      let sum = row.reduce(0, +)
      return Double(Float(sum > 0 ? raw[i] / sum : 1 / Double(columns)))
    }
    let classWeights = normals(columns, "w").map { abs($0) + 0.1 }
    for weights in [nil, classWeights] {
      let byLabel = definition(
        x, hot, columns: columns, smoothing: smoothing, weights: weights)
      let byDistribution = definition(
        x, distribution, columns: columns, smoothing: smoothing, weights: weights)
      check(
        Float.self, x, labels: labels, nil, columns, smoothing, weights, byLabel,
        tolerance: 2e-5)
      check(
        Float.self, x, labels: nil, distribution, columns, smoothing, weights, byDistribution,
        tolerance: 2e-5)
      check(
        Double.self, x, labels: labels, nil, columns, smoothing, weights, byLabel,
        tolerance: 1e-12)
      check(
        Double.self, x, labels: nil, distribution, columns, smoothing, weights, byDistribution,
        tolerance: 1e-12)
    }
  }

  private func check<S: Scalar>(
    _: S.Type, _ x: [Double], labels: [Double]?, _ distribution: [Double]?, _ columns: Int,
    _ smoothing: Double, _ weights: [Double]?, _ expected: (losses: [Double], gradient: [Double]),
    tolerance: Double
  ) {
    let rows = x.count / columns
    let logits = Guarded<S>(x, offset: 1)
    let classWeights = weights.map { UnsafePointer(Guarded<S>($0, offset: 3).base) }
    let targets: SoftmaxCrossEntropy.Targets<S>
    if let labels {
      targets = .classes(Guarded<S>(labels).base)
    } else {
      targets = .distributions(Guarded<S>(distribution ?? [], offset: 2).base)
    }
    let losses = Guarded<S>(garbage: rows)
    let (logSums, totals) = (Guarded<S>(garbage: rows), Guarded<S>(garbage: rows))
    let gradient = Guarded<S>(garbage: x.count, offset: 3)
    let sum = Guarded<S>(normals(x.count, "dx"), offset: 2)
    let expectation = SoftmaxCrossEntropy.Expectation(
      targets: targets, weights: classWeights, smoothing: S(smoothing))
    SoftmaxCrossEntropy.forward(
      logits.base, expectation, losses: losses.base, logSums: logSums.base, totals: totals.base,
      rows: rows, columns: columns, pool: pool)
    expectClose(losses.values, expected.losses, within: tolerance, "losses")
    // Last where the logits lie.
    for destination in [sum, gradient, logits] {
      let before = destination === sum ? sum.values : Array(repeating: 0, count: x.count)
      SoftmaxCrossEntropy.backward(
        logits.base, expectation, factor: 0.5, logSums: logSums.base, totals: totals.base,
        into: destination.base, rows: rows, columns: columns, accumulate: destination === sum,
        pool: pool)
      let expected = zip(before, expected.gradient).map { $0 + 0.5 * $1 }
      expectClose(destination.values, expected, within: tolerance, "gradient")
    }
    for memory in [logits, losses, logSums, totals, gradient, sum] {
      memory.expectUntouchedMargins()
    }
  }

  @Test func showsWrongLabels() {
    let columns = 5
    let x = Guarded<Float>(normals(4 * columns))
    let gradient = Guarded<Float>(garbage: 4 * columns)
    let labels = Guarded<Float>([2, -1, 5, .nan])
    let losses = Guarded<Float>(garbage: 4)
    let (logSums, totals) = (Guarded<Float>(garbage: 4), Guarded<Float>(garbage: 4))
    let expectation = SoftmaxCrossEntropy.Expectation<Float>(
      targets: .classes(labels.base), weights: nil, smoothing: 0)
    SoftmaxCrossEntropy.forward(
      x.base, expectation, losses: losses.base, logSums: logSums.base, totals: totals.base,
      rows: 4, columns: columns, pool: pool)
    SoftmaxCrossEntropy.backward(
      x.base, expectation, factor: 1, logSums: logSums.base, totals: totals.base,
      into: gradient.base, rows: 4, columns: columns, accumulate: false, pool: pool)
    #expect(losses.values.map { $0.isFinite } == [true, false, false, false])
    #expect(gradient.values[..<5].allSatisfy { $0.isFinite })
    #expect(gradient.values[5...].allSatisfy { $0.isNaN })
    gradient.expectUntouchedMargins()
  }
}
