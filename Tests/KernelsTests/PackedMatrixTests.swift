import TensorCore
import Testing

@testable import Kernels

@Suite struct PackedMatrixTests {
  /// Packed products are the plain ones, for odd sizes, transposed or not, with rows that lie apart.
  @Test(arguments: [
    (1, 1, 1), (3, 31, 5), (16, 32, 17), (7, 33, 16), (29, 100, 64), (14, 65, 350), (2, 4, 31),
  ])
  func productsAreThePlainOnes(m: Int, n: Int, k: Int) {
    for transposed in [false, true] {
      for accumulate in [false, true] {
        for uses in [1, 2] {
          check(Float.self, m, n, k, transposed, accumulate, uses: uses, within: 3e-5)
          check(Double.self, m, n, k, transposed, accumulate, uses: uses, within: 1e-13)
        }
      }
    }
  }

  private func check<S: Scalar>(
    _: S.Type, _ m: Int, _ n: Int, _ k: Int, _ transposed: Bool, _ accumulate: Bool,
    uses: Int, within tolerance: Double
  ) {
    let (lda, ldb, ldc) = (k + 3, (transposed ? k : n) + 2, n + 1)
    let a = normals(lda * m, "a")
    let b = normals(ldb * (transposed ? n : k), "b")
    let c = normals(ldc * m, "c")
    var expected = c
    for i in 0..<m {
      for j in 0..<n {
        let sum = (0..<k).reduce(0.0) {
          $0 + a[i * lda + $1] * b[transposed ? j * ldb + $1 : $1 * ldb + j]
        }
        expected[i * ldc + j] = (accumulate ? c[i * ldc + j] : 0) + sum
      }
    }
    let (left, right, result) = (
      Guarded<S>(a, offset: 1), Guarded<S>(b, offset: 2), Guarded<S>(c, offset: 3)
    )
    let memory = Guarded<S>(garbage: PackedMatrix<S>.count(inner: k, columns: n), offset: 5)
    let packed = PackedMatrix<S>(
      right.base, stride: ldb, transposed: transposed, inner: k, columns: n, uses: uses,
      in: memory.base)
    packed.pack(pool: WorkerPool(threads: 2))
    packed.multiply(
      StridedRows(left.base, stride: lda), rows: m, accumulate: accumulate,
      into: StridedRows(result.base, stride: ldc))
    expectClose(result.values, expected, within: tolerance)
    for memory in [left, right, result, memory] { memory.expectUntouchedMargins() }
  }
}
