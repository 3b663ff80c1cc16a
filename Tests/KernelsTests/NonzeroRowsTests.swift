import TensorCore
import Testing

@testable import Kernels

@Suite struct NonzeroRowsTests {
  /// Rows with one number at some place, or none: `Float`'s vector kernel against the plain loop of `Double`.
  @Test(arguments: [1, 2, 63, 64, 65, 130, 300])
  func findsANumberAnywhereInARow(columns: Int) {
    let rows = 2_000
    var values = Array(repeating: 0.0, count: rows * columns)
    var expected: [Int] = []
    for row in 0..<rows where row % 3 != 1 {
      values[row * columns + row * 7 % columns] = row % 5 == 0 ? .nan : 1e-40
      expected.append(row)
    }
    // A zero with a sign is one too.
    values[columns] = -0.0
    #expect(numbers(values, rows, columns, as: Double.self) == expected)
    #expect(numbers(values, rows, columns, as: Float.self) == expected)
  }

  @Test func isNilWhereNoRowIsZero() {
    #expect(numbers(Array(repeating: 2, count: 600), 300, 2, as: Float.self) == nil)
    #expect(numbers([], 0, 4, as: Float.self) == nil)
  }

  private func numbers<S: Scalar>(
    _ values: [Double], _ rows: Int, _ columns: Int, as _: S.Type
  ) -> [Int]? {
    let (x, scratch) = (Guarded<S>(values, offset: 1), Guarded<S>(garbage: rows))
    let found = NonzeroRows(
      of: UnsafePointer(x.base), rows: rows, columns: columns, scratch: scratch.base,
      pool: WorkerPool(threads: 2))
    scratch.expectUntouchedMargins()
    return found.map { found in (0..<found.count).map { found[$0] } }
  }
}
