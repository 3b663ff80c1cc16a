import Kernels
import TensorCore
import Testing

@Suite struct SoftmaxTests {
  private let pool = WorkerPool(threads: 2)

  static let sizes = [
    (1, 1), (3, 2), (5, 10), (2, 16), (7, 17), (4, 33), (1, 95), (2, 1_000), (300, 67),
  ]

  @Test(arguments: sizes)
  func agreesWithTheDefinition(rows: Int, columns: Int) {
    let count = rows * columns
    // A shift of a row changes nothing, and large logits may not overflow.
    let x = normals(count, scale: 3).enumerated().map {
      Double(Float($1 + Double($0 / columns % 3) * 500))
    }
    let dy = normals(count, "dy")
    var soft = x
    var logarithm = x
    var dsoft = x
    var dlogarithm = x
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let top = x[range].max() ?? 0
      let sum = x[range].reduce(0) { $0 + .exp($1 - top) }
      for i in range {
        logarithm[i] = x[i] - top - .log(sum)
        soft[i] = .exp(logarithm[i])
      }
      let mean = range.reduce(0) { $0 + soft[$1] * dy[$1] }
      let total = dy[range].reduce(0, +)
      for i in range {
        dsoft[i] = soft[i] * (dy[i] - mean)
        dlogarithm[i] = dy[i] - soft[i] * total
      }
    }
    check(x, dy, soft, logarithm, dsoft, dlogarithm, rows, Float.self, tolerance: 1e-5)
    check(x, dy, soft, logarithm, dsoft, dlogarithm, rows, Double.self, tolerance: 1e-12)
  }

  private func check<S: Scalar>(
    _ x: [Double], _ dy: [Double], _ soft: [Double], _ logarithm: [Double], _ dsoft: [Double],
    _ dlogarithm: [Double], _ rows: Int, _: S.Type, tolerance: Double
  ) {
    let count = x.count
    let columns = count / rows
    let input = Guarded<S>(x, offset: 1)
    let upstream = Guarded<S>(dy, offset: 2)
    let y = Guarded<S>(garbage: count, offset: 3)
    for accumulate in [false, true] {
      let start = accumulate ? normals(count, "dx") : Array(repeating: .nan, count: count)
      func sum(_ gradient: [Double]) -> [Double] {
        accumulate ? zip(start, gradient).map { $0 + $1 } : gradient
      }
      let dx = Guarded<S>(start, offset: 1)
      Softmax.forward(input.base, into: y.base, rows: rows, columns: columns, pool: pool)
      expectClose(y.values, soft, within: tolerance)
      Softmax.backward(
        output: y.base, upstream.base, into: dx.base, rows: rows, columns: columns,
        accumulate: accumulate, pool: pool)
      expectClose(dx.values, sum(dsoft), within: tolerance)
      dx.expectUntouchedMargins()
      y.expectUntouchedMargins()

      let dlog = Guarded<S>(start, offset: 2)
      LogSoftmax.forward(input.base, into: y.base, rows: rows, columns: columns, pool: pool)
      expectClose(y.values, logarithm, within: tolerance)
      LogSoftmax.backward(
        output: y.base, upstream.base, into: dlog.base, rows: rows, columns: columns,
        accumulate: accumulate, pool: pool)
      // The sum of dy is rounded at its own size.
      expectClose(dlog.values, sum(dlogarithm), within: tolerance * 4)
      dlog.expectUntouchedMargins()
      y.expectUntouchedMargins()
    }
  }

  @Test func whatIsNotANumberSpreadsOverItsRowOnly() {
    for columns in [5, 70] {
      var x = normals(2 * columns)
      x[columns / 2] = .nan
      let input = Guarded<Float>(x)
      let y = Guarded<Float>(garbage: 2 * columns)
      Softmax.forward(input.base, into: y.base, rows: 2, columns: columns, pool: pool)
      #expect(y.values.prefix(columns).allSatisfy { $0.isNaN })
      #expect(y.values.suffix(columns).allSatisfy { $0.isFinite })
    }
  }
}
