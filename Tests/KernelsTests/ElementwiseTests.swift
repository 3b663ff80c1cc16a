import Kernels
import TensorCore
import Testing

@Suite struct ElementwiseTests {
  private let pool = WorkerPool(threads: 2)

  /// Runs `body` for Float at odd places and for Double, with destinations that hold `initial`.
  private func compare(
    _ count: Int, initial: [Double], tolerance: Double = 1e-6, _ what: String,
    float: (Guarded<Float>, Guarded<Float>, Guarded<Float>) -> Void,
    double: (Guarded<Double>, Guarded<Double>, Guarded<Double>) -> Void
  ) {
    let (a, b) = (normals(count, "a"), normals(count, "b"))
    let fast = Guarded<Float>(initial, offset: 3)
    float(Guarded(a, offset: 1), Guarded(b, offset: 2), fast)
    let reference = Guarded<Double>(initial)
    double(Guarded(a), Guarded(b), reference)
    expectClose(fast.values, reference.values, within: tolerance, "\(what), \(count) elements")
    fast.expectUntouchedMargins()
  }

  @Test(arguments: oddLengths)
  func arithmeticAgreesWithTheReference(count: Int) {
    let garbage = Array(repeating: Double.nan, count: count)
    compare(
      count, initial: garbage, "add",
      float: { Elementwise.add($0.base, $1.base, into: $2.base, count: count, pool: pool) },
      double: { Elementwise.add($0.base, $1.base, into: $2.base, count: count, pool: pool) })
    compare(
      count, initial: garbage, "subtract",
      float: { Elementwise.subtract($0.base, $1.base, into: $2.base, count: count, pool: pool) },
      double: { Elementwise.subtract($0.base, $1.base, into: $2.base, count: count, pool: pool) })
    compare(
      count, initial: garbage, "clip",
      float: { a, _, c in
        Elementwise.clip(a.base, low: -0.5, high: 1, into: c.base, count: count, pool: pool)
      },
      double: { a, _, c in
        Elementwise.clip(a.base, low: -0.5, high: 1, into: c.base, count: count, pool: pool)
      })
    for accumulate in [false, true] {
      let initial = accumulate ? normals(count, "c") : garbage
      compare(
        count, initial: initial, "multiply",
        float: {
          Elementwise.multiply(
            $0.base, $1.base, into: $2.base, count: count, accumulate: accumulate, pool: pool)
        },
        double: {
          Elementwise.multiply(
            $0.base, $1.base, into: $2.base, count: count, accumulate: accumulate, pool: pool)
        })
      compare(
        count, initial: initial, "scale",
        float: { a, _, c in
          Elementwise.scale(
            a.base, by: 0.75, into: c.base, count: count, accumulate: accumulate, pool: pool)
        },
        double: { a, _, c in
          Elementwise.scale(
            a.base, by: 0.75, into: c.base, count: count, accumulate: accumulate, pool: pool)
        })
      compare(
        count, initial: initial, "copy",
        float: { a, _, c in
          Elementwise.copy(
            a.base, into: c.base, count: count, accumulate: accumulate, pool: pool)
        },
        double: { a, _, c in
          Elementwise.copy(
            a.base, into: c.base, count: count, accumulate: accumulate, pool: pool)
        })
    }
  }

  @Test(arguments: [(1, 1), (3, 17), (5, 16), (7, 33), (9, 0), (700, 61), (4, 40_001)])
  func rowsAndColumns(rows: Int, columns: Int) {
    let x = normals(rows * columns)
    let bias = normals(columns, "bias")
    var sums = bias
    var shifted = x
    for r in 0..<rows {
      for c in 0..<columns {
        sums[c] += x[r * columns + c]
        shifted[r * columns + c] += bias[c]
      }
    }
    for accumulate in [false, true] {
      let input = Guarded<Float>(x, offset: 1)
      let result = accumulate ? Guarded<Float>(bias, offset: 3) : Guarded(garbage: columns)
      let scratch = Guarded<Float>(
        garbage: Bias.columnSumsScratchCount(rows: rows, columns: columns))
      Bias.columnSums(
        input.base, rows: rows, columns: columns, into: result.base, accumulate: accumulate,
        scratch: scratch.base, pool: pool)
      let expected = accumulate ? sums : zip(sums, bias).map { $0 - $1 }
      expectClose(result.values, expected, within: 1e-4)
      result.expectUntouchedMargins()
      scratch.expectUntouchedMargins()
    }
    let y = Guarded<Float>(x, offset: 3)
    let b = Guarded<Float>(bias, offset: 2)
    Bias.add(b.base, toRows: y.base, into: y.base, rows: rows, columns: columns, pool: pool)
    expectClose(y.values, shifted, within: 1e-6)
    y.expectUntouchedMargins()
    Bias.fill(b.base, intoRows: y.base, rows: rows, columns: columns, pool: pool)
    #expect(y.values == (0..<rows).flatMap { _ in b.values })
  }

  @Test(arguments: oddLengths)
  func reductions(count: Int) {
    let (a, b) = (normals(count, "a"), normals(count, "b"))
    let fast = (Guarded<Float>(a, offset: 1), Guarded<Float>(b, offset: 3))
    let sum = a.reduce(0, +)
    let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(Reduction.sum(fast.0.base, count: count, pool: pool) - sum) < 1e-9)
    #expect(
      abs(Reduction.dot(fast.0.base, fast.1.base, count: count, pool: pool) - product) < 1e-9)
    #expect(Reduction.isFinite(fast.0.base, count: count, pool: pool))
    let double = Guarded<Double>(a)
    #expect(abs(Reduction.sum(double.base, count: count, pool: pool) - sum) < 1e-9)
    if count > 0 {
      for bad in [Float.nan, .infinity, -.infinity] {
        fast.0.base[count - 1] = bad
        #expect(!Reduction.isFinite(fast.0.base, count: count, pool: pool))
      }
    }
  }

  @Test func reductionsAreTheSameForAnyThreads() {
    let x = Guarded<Float>(normals(1_000_003, scale: 1e3))
    expectSameForAnyThreads { pool in
      [
        Reduction.sum(x.base, count: x.count, pool: pool),
        Reduction.squaredNorm(x.base, count: x.count, pool: pool),
      ]
    }
  }
}
