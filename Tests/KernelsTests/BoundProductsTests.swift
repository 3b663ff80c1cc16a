import TensorCore
import Testing

@testable import Kernels

@Suite struct BoundProductsTests {
  static let products = [
    FixedProduct(m: 1, n: 1, k: 1, lda: 1, ldb: 1, ldc: 1),
    FixedProduct(m: 98, n: 16, k: 16, lda: 16, ldb: 16, ldc: 16),
    FixedProduct(m: 17, n: 17, k: 16, lda: 192, ldb: 32, ldc: 32),
    FixedProduct(m: 64, n: 33, k: 31, lda: 40, ldb: 35, ldc: 64, accumulate: true),
    FixedProduct(transposeA: true, m: 17, n: 16, k: 19, lda: 32, ldb: 64, ldc: 192),
    FixedProduct(
      transposeA: true, m: 64, n: 64, k: 28, lda: 64, ldb: 64, ldc: 64, accumulate: true),
    FixedProduct(m: 30, n: 512, k: 128, lda: 128, ldb: 512, ldc: 512),
    FixedProduct(m: 5, n: 300, k: 300, lda: 300, ldb: 300, ldc: 300),
  ]

  /// Each engine gives the definition, and leaves what lies between the rows of C.
  @Test(arguments: products.indices) func enginesAgreeWithTheDefinition(number: Int) {
    let product = Self.products[number]
    let bound = BoundProducts([product, product], of: Float.self)
    check(product, .none, Float.self, within: 2e-6)
    check(product, bound, Float.self, within: 2e-6)
    check(product, bound.dropFirst(1), Float.self, within: 2e-6)
    check(product, BoundProducts([product], of: Double.self), Double.self, within: 1e-14)
  }

  private func check<S: Scalar>(
    _ product: FixedProduct, _ products: BoundProducts, _: S.Type, within tolerance: Double
  ) {
    let a = normals(product.lda * (product.transposeA ? product.k : product.m), "a")
    let b = normals(product.ldb * product.k, "b")
    let c = normals(product.ldc * product.m, "c")
    var expected = c
    for i in 0..<product.m {
      for j in 0..<product.n {
        let sum = (0..<product.k).reduce(0.0) { sum, p in
          sum + a[product.transposeA ? p * product.lda + i : i * product.lda + p]
            * b[p * product.ldb + j]
        }
        expected[i * product.ldc + j] = (product.accumulate ? c[i * product.ldc + j] : 0) + sum
      }
    }
    let (left, right) = (Guarded<S>(a, offset: 1), Guarded<S>(b, offset: 2))
    let result = Guarded<S>(c, offset: 3)
    products.multiply(0, product, left.base, right.base, into: result.base)
    expectClose(result.values, expected, within: tolerance * Double(product.k))
    result.expectUntouchedMargins()
  }

  /// The rule is asked for every product, and its limit is the one that was measured.
  @Test(.enabled(if: Libxsmm.isAvailable, "built without libxsmm"))
  func smallProductsGetKernels() {
    for product in Self.products {
      #expect((Libxsmm.kernel(for: product) != nil) == true)
      #expect(product.suitsLibxsmm == (product.k * product.n <= 65_536))
    }
  }

  /// What nobody multiplies has no kernel.
  @Test func emptyProductsHaveNone() {
    let empty = FixedProduct(m: 0, n: 16, k: 16, lda: 16, ldb: 16, ldc: 16)
    #expect(Libxsmm.kernel(for: empty) == nil)
  }
}
