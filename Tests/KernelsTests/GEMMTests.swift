import TensorCore
import Testing

@testable import Kernels

@Suite struct GEMMTests {
  /// Every combination of transposes, odd sizes, rows longer than the matrix is wide.
  @Test(arguments: [
    (1, 1, 1), (1, 17, 9), (3, 5, 1), (7, 1, 4), (13, 33, 21), (65, 130, 70), (50, 16, 700),
    (500, 40, 3), (4, 4, 0), (900, 33, 5), (1, 1037, 330), (2, 40, 650), (3, 1024, 6), (4, 77, 13),
  ])
  func agreesWithTheDefinition(m: Int, n: Int, k: Int) {
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      for accumulate in [false, true] {
        check(Float.self, m, n, k, transposeA, transposeB, accumulate, tolerance: 1e-5)
        check(Double.self, m, n, k, transposeA, transposeB, accumulate, tolerance: 1e-13)
      }
    }
  }

  /// A row is the same bits alone, among a few and among many.
  @Test func rowsDoNotDependOnOthers() {
    let (rows, n, k) = (20, 1100, 333)
    let (a, b) = (Guarded<Float>(normals(rows * k, "a")), Guarded<Float>(normals(k * n, "b")))
    func product(_ rows: Range<Int>) -> [Float] {
      var c = [Float](repeating: .nan, count: rows.count * n)
      gemm(
        m: rows.count, n: n, k: k, UnsafePointer(a.base) + rows.lowerBound * k, lda: k,
        UnsafePointer(b.base), ldb: n, into: &c, ldc: n)
      return c
    }
    let all = product(0..<rows)
    for height in 1...5 {
      let some = product(7..<7 + height)
      #expect(some == Array(all[7 * n..<(7 + height) * n]))
    }
  }

  /// The rows and columns of a product of large matrices, which some levels pack otherwise, are those of smaller
  /// products.
  @Test func largeProductsHaveTheBitsOfSmallOnes() {
    let (m, n, k) = (101, 530, 1310)
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      let (lda, ldb) = (transposeA ? m : k, transposeB ? k : n)
      let (a, b) = (Guarded<Float>(normals(m * k, "a")), Guarded<Float>(normals(k * n, "b")))
      let bias = Guarded<Float>(normals(n, "bias"))
      for accumulate in [false, true] {
        let start = normals(m * n, "c")
        func product(pieces rows: Int, _ columns: Int) -> [Float] {
          let c = Guarded<Float>(start)
          for row in stride(from: 0, to: m, by: rows) {
            for column in stride(from: 0, to: n, by: columns) {
              gemm(
                transposeA: transposeA, transposeB: transposeB, m: min(rows, m - row),
                n: min(columns, n - column), k: k, a.base + row * (transposeA ? 1 : lda), lda: lda,
                b.base + column * (transposeB ? ldb : 1), ldb: ldb, accumulate: accumulate,
                bias: bias.base + column, into: c.base + row * n + column, ldc: n)
            }
          }
          c.expectUntouchedMargins()
          return c.bits
        }
        let whole = product(pieces: m, n)
        #expect(whole == product(pieces: 40, n))
        #expect(whole == product(pieces: m, 90))
      }
    }
  }

  private enum Engine: CaseIterable {
    case automatic
    case parallel
  }

  private func check<S: Scalar>(
    _: S.Type, _ m: Int, _ n: Int, _ k: Int, _ transposeA: Bool, _ transposeB: Bool,
    _ accumulate: Bool, tolerance: Double
  ) {
    let lda = (transposeA ? m : k) + 3
    let ldb = (transposeB ? k : n) + 1
    let ldc = n + 2
    let a = normals(lda * (transposeA ? k : m), "a")
    let b = normals(ldb * (transposeB ? n : k), "b")
    let (c, bias) = (normals(ldc * m, "c"), normals(n, "bias"))
    var expected = c
    for i in 0..<m {
      for j in 0..<n {
        var sum = 0.0
        for p in 0..<k {
          sum +=
            a[transposeA ? p * lda + i : i * lda + p] * b[transposeB ? j * ldb + p : p * ldb + j]
        }
        expected[i * ldc + j] = (accumulate ? c[i * ldc + j] : 0) + 0.5 * sum
      }
    }
    for engine in Engine.allCases {
      let (left, right) = (Guarded<S>(a, offset: 1), Guarded<S>(b, offset: 2))
      let (result, addend) = (Guarded<S>(c, offset: 3), Guarded<S>(bias, offset: 1))
      var sums = expected
      for i in 0..<m { for j in 0..<n { sums[i * ldc + j] += bias[j] } }
      switch engine {
      case .automatic:
        gemm(
          transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 0.5, left.base,
          lda: lda, right.base, ldb: ldb, accumulate: accumulate, bias: addend.base,
          into: result.base, ldc: ldc)
      case .parallel:
        parallelGEMM(
          WorkerPool(threads: 2), transposeA: transposeA, transposeB: transposeB, m: m, n: n,
          k: k, alpha: 0.5, left.base, lda: lda, right.base, ldb: ldb, accumulate: accumulate,
          bias: addend.base, into: result.base, ldc: ldc)
      }
      expectClose(result.values, sums, within: tolerance * Double(max(1, k)), "\(engine)")
      result.expectUntouchedMargins()
    }
  }

  @Test func overwritesWhatIsNotANumber() {
    for (m, n, k) in [(1, 40, 3), (5, 1, 2), (4, 4, 1), (9, 9, 9)] {
      let a = Guarded<Float>(normals(m * k))
      let b = Guarded<Float>(normals(k * n))
      let c = Guarded<Float>(garbage: m * n)
      gemm(m: m, n: n, k: k, a.base, lda: k, b.base, ldb: n, into: c.base, ldc: n)
      #expect(c.values.allSatisfy { $0.isFinite })
    }
  }

  /// Large enough to be cut along both sides.
  @Test func parallelIsTheSameForAnyThreads() {
    let (m, n, k) = (200, 300, 250)
    let a = Guarded<Float>(normals(m * k, "a"))
    let b = Guarded<Float>(normals(k * n, "b"))
    expectSameForAnyThreads { pool in
      let c = Guarded<Float>(garbage: m * n)
      parallelGEMM(pool, m: m, n: n, k: k, a.base, lda: k, b.base, ldb: n, into: c.base, ldc: n)
      return c.bits
    }
  }
}
