import Kernels
import Testing

@Suite struct OrthogonalTests {
  private func factored(_ rows: Int, _ columns: Int) throws -> (before: [Double], after: [Double]) {
    let matrix = normals(rows * columns)
    var result = matrix
    try Orthogonal.factor(&result, rows: rows, columns: columns)
    return (matrix, result)
  }

  @Test(arguments: [(1, 1), (3, 3), (7, 3), (3, 7), (1, 5), (5, 1), (65, 64), (40, 130)])
  func theShorterSideIsOrthonormal(rows: Int, columns: Int) throws {
    let q = try factored(rows, columns).after
    let tall = rows >= columns
    let (length, vectors) = tall ? (rows, columns) : (columns, rows)
    func element(_ vector: Int, _ i: Int) -> Double {
      tall ? q[i * columns + vector] : q[vector * columns + i]
    }
    for a in 0..<vectors {
      for b in 0..<vectors {
        let dot = (0..<length).reduce(0) { $0 + element(a, $1) * element(b, $1) }
        #expect(abs(dot - (a == b ? 1 : 0)) < 1e-13)
      }
    }
  }

  /// QᵀA is upper triangular with a positive diagonal, which makes Q unique.
  @Test func theFactorIsTheUniqueOne() throws {
    let (rows, columns) = (6, 4)
    let (a, q) = try factored(rows, columns)
    for i in 0..<columns {
      for j in 0..<columns {
        let r = (0..<rows).reduce(0) { $0 + q[$1 * columns + i] * a[$1 * columns + j] }
        if i > j { #expect(abs(r) < 1e-14) }
        if i == j { #expect(r > 0) }
      }
    }
    // The transpose of a matrix has the transpose of its factor.
    var transposed = (0..<columns).flatMap { c in (0..<rows).map { a[$0 * columns + c] } }
    try Orthogonal.factor(&transposed, rows: columns, columns: rows)
    expectClose(
      transposed, (0..<columns).flatMap { c in (0..<rows).map { q[$0 * columns + c] } },
      within: 1e-15)
  }

  @Test func whatCannotBeFactoredIsAnError() {
    var matrix = [1, .nan, 2, 3]
    let error = #expect(throws: LAPACKError.self) {
      try Orthogonal.factor(&matrix, rows: 2, columns: 2)
    }
    #expect(error?.description == "LAPACK's dgeqrf failed with status -4")
  }

  @Test func nothingAndZerosAreFine() throws {
    var nothing: [Double] = []
    try Orthogonal.factor(&nothing, rows: 0, columns: 5)
    var zeros = [Double](repeating: 0, count: 6)
    try Orthogonal.factor(&zeros, rows: 3, columns: 2)
    #expect(zeros.allSatisfy { $0.isFinite })
  }
}
