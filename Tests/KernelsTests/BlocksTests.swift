import TensorCore
import Testing

@testable import Kernels

@Suite struct BlocksTests {
  @Test(arguments: [(1, 1), (3, 5), (40, 33), (5_000, 17)])
  func copyAndAddPartsOfRows(rows: Int, columns: Int) {
    check(rows, columns, Float.self)
    check(rows, columns, Double.self)
  }

  private func check<S: Scalar>(_ rows: Int, _ columns: Int, _: S.Type) {
    let pool = WorkerPool(threads: 2)
    let (from, to) = (columns + 3, columns + 1)
    let x = Guarded<S>(normals(rows * from), offset: 1)
    let (start, values) = (normals(rows * to, "y"), x.values)
    for accumulate in [false, true] {
      let y = Guarded<S>(start, offset: 2)
      Blocks.copy(
        x.base + 2, from: from, into: y.base, to: to, rows: rows, columns: columns,
        accumulate: accumulate, pool: pool)
      var expected = start
      for row in 0..<rows {
        for c in 0..<columns {
          let value = values[row * from + 2 + c]
          expected[row * to + c] = accumulate ? expected[row * to + c] + value : value
        }
      }

      expectClose(y.values, expected, within: 1e-6)
      y.expectUntouchedMargins()
    }
  }

  @Test(arguments: [(1, 1), (17, 16), (16, 33), (50, 5), (33, 64)])
  func transposesOfPartsOfRows(rows: Int, columns: Int) {
    checkTranspose(rows, columns, Float.self)
    checkTranspose(rows, columns, Double.self)
  }

  private func checkTranspose<S: Scalar>(_ rows: Int, _ columns: Int, _: S.Type) {
    for padding in [0, 3, 20] {
      let (from, to) = (columns + 2, rows + padding)
      let values = normals(rows * from)
      let x = Guarded<S>(values, offset: 1)
      let y = Guarded<S>(garbage: columns * to, offset: 3)
      Blocks.transpose(
        x.base, from: from, rows: rows, columns: columns, scale: 0.5, into: y.base, to: to)
      let expected = (0..<columns).flatMap { c in
        (0..<to).map { $0 < rows ? 0.5 * values[$0 * from + c] : 0 }
      }
      expectClose(y.values, expected, within: 0)
      y.expectUntouchedMargins()
    }
  }
}
