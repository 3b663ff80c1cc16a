import TensorCore
import Testing

@testable import Kernels

@Suite struct RowProductsTests {
  /// Rows of zeros between others, at the end, everywhere; several blocks of depth and several tiles.
  @Test(arguments: [
    (1, 3, 2), (9, 20, 5), (64, 43, 100), (1_000, 48, 33), (2_500, 300, 200), (12, 512, 96),
  ])
  func rowsOfZerosChangeNoBit(rows: Int, m: Int, n: Int) {
    check(Float.self, rows, m, n)
    check(Double.self, rows, m, n)
  }

  private func check<S: Scalar>(_: S.Type, _ count: Int, _ m: Int, _ n: Int) {
    let (a, b) = (normals(count * m, "a"), normals(count * n, "b"))
    let random = RandomStream(seed: 3, name: "rows")
    // The places of the rows among others.
    var places: [Int] = []
    var rows = 0
    for row in 0..<count {
      if random.uniform(row) < 0.3 { rows += random.integer(row, below: 40) }
      places.append(rows)
      rows += 1
    }
    rows += 17
    func spread(_ values: [Double], _ width: Int, _ other: Double) -> [Double] {
      var result = Array(repeating: other, count: rows * width)
      for (row, place) in places.enumerated() {
        for c in 0..<width { result[place * width + c] = values[row * width + c] }
      }
      return result
    }
    let (x, dy) = (Guarded<S>(a, offset: 1), Guarded<S>(b, offset: 2))
    let (longX, longDY) = (
      Guarded<S>(spread(a, m, 7), offset: 3), Guarded<S>(spread(b, n, 0), offset: 1)
    )
    let start = normals(m * n, "c")
    for accumulate in [false, true] {
      let begin = accumulate ? start : start.map { _ in .nan }
      func product(_ x: Guarded<S>, _ dy: Guarded<S>, _ rows: Int, _ pool: WorkerPool) -> [S] {
        let (c, scratch) = (Guarded<S>(begin, offset: 1), Guarded<S>(garbage: rows))
        let listed = NonzeroRows(
          of: UnsafePointer(dy.base), rows: rows, columns: n, scratch: scratch.base,
          pool: pool)
        let products = RowProducts(
          rows: rows, m: m, n: n, x.base, dy.base, listed: listed, accumulate: accumulate,
          into: c.base, threads: pool.threads)
        pool.run(chunks: products.tiles.count) { products.compute(tile: $0) }
        c.expectUntouchedMargins()
        scratch.expectUntouchedMargins()
        return c.bits
      }
      let short = product(x, dy, count, WorkerPool(threads: 1))
      expectSameForAnyThreads { product(longX, longDY, rows, $0) == short }
      #expect(product(longX, longDY, rows, WorkerPool(threads: 2)) == short)
      var expected = accumulate ? start : start.map { _ in 0 }
      for row in 0..<count {
        for i in 0..<m { for j in 0..<n { expected[i * n + j] += a[row * m + i] * b[row * n + j] } }
      }
      expectClose(
        short.map { Double($0) }, expected,
        within: S.self == Float.self ? 1e-5 * Double(count) : 1e-12)
    }
  }

  @Test(arguments: [(5, 3), (700, 64), (40, 3_000), (17, 40_000)])
  func columnSumsLeaveOutRowsOfZeros(count: Int, columns: Int) {
    let values = normals(count * columns)
    let zeros = Array(repeating: 0.0, count: 3 * columns)
    // Three rows of zeros behind every second row.
    var long: [Double] = []
    for row in 0..<count {
      long += values[row * columns..<(row + 1) * columns]
      if row % 2 == 0 { long += zeros }
    }
    func sums(_ x: [Double]) -> [Float] {
      let rows = x.count / columns
      let (x, sums) = (Guarded<Float>(x, offset: 1), Guarded<Float>(garbage: columns))
      let numbers = Guarded<Float>(garbage: rows)
      let scratch = Guarded<Float>(
        garbage: Bias.columnSumsScratchCount(rows: rows, columns: columns))
      let pool = WorkerPool(threads: 2)
      Bias.columnSums(
        x.base, rows: rows, columns: columns,
        listed: NonzeroRows(
          of: UnsafePointer(x.base), rows: rows, columns: columns, scratch: numbers.base,
          pool: pool),
        into: sums.base, accumulate: false, scratch: scratch.base, pool: pool)
      scratch.expectUntouchedMargins()
      return sums.bits
    }
    #expect(sums(values) == sums(long))
  }
}
